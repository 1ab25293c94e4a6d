/** Shows jobs while they run, and what came of them. */
@NullMarked
package dev.podwork.local.run;

import org.jspecify.annotations.NullMarked;
