/** Names that both resources, and the pods made for them, share. */
@NullMarked
package dev.podwork.api;

import org.jspecify.annotations.NullMarked;
