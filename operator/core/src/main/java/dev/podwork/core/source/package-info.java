/** Code that is delivered with a WorkerDefinition. */
@NullMarked
package dev.podwork.core.source;

import org.jspecify.annotations.NullMarked;
