/** Pods: how one is made for an attempt, and what one tells of itself. */
@NullMarked
package dev.podwork.core.pod;

import org.jspecify.annotations.NullMarked;
