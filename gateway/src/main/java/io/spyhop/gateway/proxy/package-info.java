/**
 * Port hosts: each listening port of each container has a host name of its own, and what is asked for there is answered by the
 * container. {@link io.spyhop.gateway.proxy.PortProxy} takes such requests before anything else sees them, {@code PortHosts}
 * finds the port, {@code Admission} who asks, {@code Origins} the way into the container; {@code Forwarding} says what
 * becomes of headers, and {@code Tunnels} are what WebSockets are.
 */
@NullMarked
package io.spyhop.gateway.proxy;

import org.jspecify.annotations.NullMarked;
