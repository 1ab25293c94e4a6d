/** What workers keep between steps: values under keys, one scope for each flow or job. */
@NullMarked
package dev.podwork.context.state;

import org.jspecify.annotations.NullMarked;
