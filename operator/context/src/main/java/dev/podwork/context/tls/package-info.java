/** The context server's certificate, and the authority of its own that signs it. */
@NullMarked
package dev.podwork.context.tls;

import org.jspecify.annotations.NullMarked;
