/** What a real API server makes of the resources. */
@NullMarked
package dev.podwork.api.apiserver;

import org.jspecify.annotations.NullMarked;
