/** Errors with a stable code, and how they become problem+json and back. */
@NullMarked
package io.spyhop.contracts.problem;

import org.jspecify.annotations.NullMarked;
