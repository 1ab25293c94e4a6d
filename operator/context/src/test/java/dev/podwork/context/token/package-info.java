@NullMarked
package dev.podwork.context.token;

import org.jspecify.annotations.NullMarked;
