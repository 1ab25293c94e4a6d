@NullMarked
package dev.podwork.context.session;

import org.jspecify.annotations.NullMarked;
