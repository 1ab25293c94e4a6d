/** All Jobs, from memory. */
@NullMarked
package dev.podwork.controller.job;

import org.jspecify.annotations.NullMarked;
