/**
 * The other services, as the gateway asks them: the bean in the same process where there is one, else a REST client. The
 * callers cannot tell which.
 */
@NullMarked
package io.spyhop.gateway.services;

import org.jspecify.annotations.NullMarked;
