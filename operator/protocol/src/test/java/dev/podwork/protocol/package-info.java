@NullMarked
package dev.podwork.protocol;

import org.jspecify.annotations.NullMarked;
