@NullMarked
package dev.podwork.api.attempt;

import org.jspecify.annotations.NullMarked;
