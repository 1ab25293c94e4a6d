/** Reads manifests and says what is wrong with them. */
@NullMarked
package dev.podwork.local.manifest;

import org.jspecify.annotations.NullMarked;
