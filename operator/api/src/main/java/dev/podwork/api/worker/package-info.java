/** The {@code WorkerDefinition} resource: what a worker is. */
@NullMarked
package dev.podwork.api.worker;

import org.jspecify.annotations.NullMarked;
