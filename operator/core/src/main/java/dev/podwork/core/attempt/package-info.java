/** One try at a job: who it is, what is heard of it, how it ends. */
@NullMarked
package dev.podwork.core.attempt;

import org.jspecify.annotations.NullMarked;
