/** Who may start: the slots that a WorkerDefinition's {@code concurrency} allows, and the queue for them. */
@NullMarked
package dev.podwork.core.admission;

import org.jspecify.annotations.NullMarked;
