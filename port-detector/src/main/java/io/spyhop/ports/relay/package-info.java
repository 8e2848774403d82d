/** Leads other services to what listens inside containers. */
@NullMarked
package io.spyhop.ports.relay;

import org.jspecify.annotations.NullMarked;
