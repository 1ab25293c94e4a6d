/** Moving Jobs on, from their creation to their end: gather a snapshot, ask core, act, record. */
@NullMarked
package dev.podwork.controller.lifecycle;

import org.jspecify.annotations.NullMarked;
