/** The ports between Jobs and the sessions with their pods. */
@NullMarked
package dev.podwork.controller.attempt;

import org.jspecify.annotations.NullMarked;
