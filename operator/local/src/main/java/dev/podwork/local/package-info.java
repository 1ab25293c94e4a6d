/** Podwork with no cluster: the same operator on an embedded API server, its pods as processes. */
@NullMarked
package dev.podwork.local;

import org.jspecify.annotations.NullMarked;
