/** One conversation with each worker, which survives broken connections: numbers, acknowledgements, calls and the job's end. */
@NullMarked
package dev.podwork.context.session;

import org.jspecify.annotations.NullMarked;
