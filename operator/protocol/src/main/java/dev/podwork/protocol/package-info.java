/** What workers, shims, relays and the context server say to each other, and how much of it. No Kubernetes here. */
@NullMarked
package dev.podwork.protocol;

import org.jspecify.annotations.NullMarked;
