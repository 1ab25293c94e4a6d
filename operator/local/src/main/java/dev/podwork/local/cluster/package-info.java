/** The API server of a cluster of one machine. */
@NullMarked
package dev.podwork.local.cluster;

import org.jspecify.annotations.NullMarked;
