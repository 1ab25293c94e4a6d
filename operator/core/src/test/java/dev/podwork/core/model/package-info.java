/**
 * A model of all that happens around one job, for random histories: an API server, a kubelet, relays with workers, and operators
 * that drive the real decisions and forget everything at any moment.
 */
@NullMarked
package dev.podwork.core.model;

import org.jspecify.annotations.NullMarked;
