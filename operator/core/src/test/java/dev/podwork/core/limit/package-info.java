@NullMarked
package dev.podwork.core.limit;

import org.jspecify.annotations.NullMarked;
