/**
 * Listening ports. {@link io.spyhop.gateway.ports.PortsTable} knows those of all instances, from the topic;
 * {@link io.spyhop.gateway.ports.PortUrls} how they are reached from a browser. {@code PortsResource} is the address.
 */
@NullMarked
package io.spyhop.gateway.ports;

import org.jspecify.annotations.NullMarked;
