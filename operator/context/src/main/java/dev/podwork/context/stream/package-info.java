/** Parts of results, shown while their jobs run. */
@NullMarked
package dev.podwork.context.stream;

import org.jspecify.annotations.NullMarked;
