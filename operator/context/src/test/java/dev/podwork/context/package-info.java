@NullMarked
package dev.podwork.context;

import org.jspecify.annotations.NullMarked;
