/** What to do next about a job: a snapshot of all that is known of it goes in, a decision comes out. */
@NullMarked
package dev.podwork.core.job;

import org.jspecify.annotations.NullMarked;
