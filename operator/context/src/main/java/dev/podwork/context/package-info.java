/** The context server: workers' conversations, over TLS, and the services that they may ask. */
@NullMarked
package dev.podwork.context;

import org.jspecify.annotations.NullMarked;
