/** Generates the CustomResourceDefinitions from the records, and tests them. */
@NullMarked
package dev.podwork.api.crd;

import org.jspecify.annotations.NullMarked;
