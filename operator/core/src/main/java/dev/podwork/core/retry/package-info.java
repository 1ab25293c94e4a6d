/** Whether a failed attempt is followed by another, and when. */
@NullMarked
package dev.podwork.core.retry;

import org.jspecify.annotations.NullMarked;
