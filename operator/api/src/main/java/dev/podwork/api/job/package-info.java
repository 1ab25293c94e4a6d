/** The {@code Job} resource: one execution of a worker. */
@NullMarked
package dev.podwork.api.job;

import org.jspecify.annotations.NullMarked;
