/** Reconciling Jobs: gather a snapshot, ask core, act, record. */
@NullMarked
package dev.podwork.controller.job;

import org.jspecify.annotations.NullMarked;
