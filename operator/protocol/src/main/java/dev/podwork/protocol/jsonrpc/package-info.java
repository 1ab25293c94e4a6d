/** JSON-RPC 2.0, as workers speak it: one message a line. */
@NullMarked
package dev.podwork.protocol.jsonrpc;

import org.jspecify.annotations.NullMarked;
