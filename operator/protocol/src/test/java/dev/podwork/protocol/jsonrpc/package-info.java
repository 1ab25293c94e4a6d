@NullMarked
package dev.podwork.protocol.jsonrpc;

import org.jspecify.annotations.NullMarked;
