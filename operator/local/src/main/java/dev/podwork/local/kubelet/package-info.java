/** Runs pods as processes. */
@NullMarked
package dev.podwork.local.kubelet;

import org.jspecify.annotations.NullMarked;
