@NullMarked
package dev.podwork.core.retry;

import org.jspecify.annotations.NullMarked;
