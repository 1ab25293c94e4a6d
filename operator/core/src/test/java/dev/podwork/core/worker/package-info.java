@NullMarked
package dev.podwork.core.worker;

import org.jspecify.annotations.NullMarked;
