/** What may become of an attempt at a job: how long it may take, and when there is another. Said by a WorkerDefinition, and overridden by a Job. */
@NullMarked
package dev.podwork.api.attempt;

import org.jspecify.annotations.NullMarked;
