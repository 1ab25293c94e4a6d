/** Waking what waits for a moment rather than for news. */
@NullMarked
package dev.podwork.controller.deadline;

import org.jspecify.annotations.NullMarked;
