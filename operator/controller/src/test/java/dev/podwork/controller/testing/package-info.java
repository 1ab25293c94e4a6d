/** A real API server, a kubelet played by hand, and an operator between them. */
@NullMarked
package dev.podwork.controller.testing;

import org.jspecify.annotations.NullMarked;
