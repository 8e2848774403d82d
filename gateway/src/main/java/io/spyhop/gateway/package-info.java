/**
 * The public side of Spyhop. A request passes the {@code door} (headers, host, address, sign-in, the workload and its
 * org), then one of the REST resources in {@code workloads} and {@code token}, or a stream of {@code stream}; what the
 * gateway does not know itself it asks through {@code services}.
 */
@NullMarked
package io.spyhop.gateway;

import org.jspecify.annotations.NullMarked;
