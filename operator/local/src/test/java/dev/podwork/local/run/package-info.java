@NullMarked
package dev.podwork.local.run;

import org.jspecify.annotations.NullMarked;
