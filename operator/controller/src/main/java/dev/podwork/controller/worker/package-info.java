/** Reconciling WorkerDefinitions, and finding the one that serves a Job. */
@NullMarked
package dev.podwork.controller.worker;

import org.jspecify.annotations.NullMarked;
