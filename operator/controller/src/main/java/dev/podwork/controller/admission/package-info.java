/** Which jobs may start, kept up to date with what becomes of them and of their WorkerDefinitions. */
@NullMarked
package dev.podwork.controller.admission;

import org.jspecify.annotations.NullMarked;
