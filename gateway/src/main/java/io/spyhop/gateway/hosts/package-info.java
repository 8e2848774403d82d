/** The hosts, put together from what the services know of them. */
@NullMarked
package io.spyhop.gateway.hosts;

import org.jspecify.annotations.NullMarked;
