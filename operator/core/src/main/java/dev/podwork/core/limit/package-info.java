/** How long a job may take: which limits are in force for it. */
@NullMarked
package dev.podwork.core.limit;

import org.jspecify.annotations.NullMarked;
