@NullMarked
package dev.podwork.context.tls;

import org.jspecify.annotations.NullMarked;
