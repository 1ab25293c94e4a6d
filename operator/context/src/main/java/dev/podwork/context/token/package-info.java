/** Who a pod is: its service-account token, verified without asking anybody. */
@NullMarked
package dev.podwork.context.token;

import org.jspecify.annotations.NullMarked;
