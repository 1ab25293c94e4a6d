@NullMarked
package dev.podwork.context.stream;

import org.jspecify.annotations.NullMarked;
