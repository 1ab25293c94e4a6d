@NullMarked
package dev.podwork.api;

import org.jspecify.annotations.NullMarked;
