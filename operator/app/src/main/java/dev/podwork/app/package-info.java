/** The operator as a program: settings, wiring, health and metrics. */
@NullMarked
package dev.podwork.app;

import org.jspecify.annotations.NullMarked;
