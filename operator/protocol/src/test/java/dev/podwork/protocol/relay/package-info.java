@NullMarked
package dev.podwork.protocol.relay;

import org.jspecify.annotations.NullMarked;
