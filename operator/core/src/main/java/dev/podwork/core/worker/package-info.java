/** Which worker a job gets, and whether jobs can run with it. */
@NullMarked
package dev.podwork.core.worker;

import org.jspecify.annotations.NullMarked;
