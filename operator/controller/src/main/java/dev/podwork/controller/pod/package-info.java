/** The pods that carry out attempts, as one informer knows them. */
@NullMarked
package dev.podwork.controller.pod;

import org.jspecify.annotations.NullMarked;
