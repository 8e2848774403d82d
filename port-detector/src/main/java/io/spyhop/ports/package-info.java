/** Listening ports: {@code detect} looks for those of this replica's share of the workloads, and announces what changes. */
@NullMarked
package io.spyhop.ports;

import org.jspecify.annotations.NullMarked;
