@NullMarked
package dev.podwork.context.state;

import org.jspecify.annotations.NullMarked;
