/** Podwork on a real cluster, from the outside: the chart, kubectl and the API. */
@NullMarked
package dev.podwork.e2e;

import org.jspecify.annotations.NullMarked;
