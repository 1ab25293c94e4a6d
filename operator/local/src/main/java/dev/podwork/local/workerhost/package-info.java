/** Turns the configuration of a WorkerHost into WorkerDefinitions. */
@NullMarked
package dev.podwork.local.workerhost;

import org.jspecify.annotations.NullMarked;
