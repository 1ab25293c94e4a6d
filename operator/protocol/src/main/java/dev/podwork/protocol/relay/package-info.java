/** The relay protocol: numbered, acknowledged lines between a pod's shim and the context server. */
@NullMarked
package dev.podwork.protocol.relay;

import org.jspecify.annotations.NullMarked;
