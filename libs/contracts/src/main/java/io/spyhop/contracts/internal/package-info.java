/** How services call each other: the shared secret and its filters. */
@NullMarked
package io.spyhop.contracts.internal;

import org.jspecify.annotations.NullMarked;
