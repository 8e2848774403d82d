/**
 * Leads clients that can only dial addresses to sockets that have none here, such as those made inside a container's network
 * namespace. {@link io.spyhop.engine.relay.SocketRelay} takes their connections, {@code Greeting} learns where they want to go,
 * and {@code Pump} copies bytes from then on.
 */
@NullMarked
package io.spyhop.engine.relay;

import org.jspecify.annotations.NullMarked;
