/** Which objects go with which. */
@NullMarked
package dev.podwork.core.ownership;

import org.jspecify.annotations.NullMarked;
