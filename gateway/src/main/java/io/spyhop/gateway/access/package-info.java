/**
 * Tokens and sessions: who somebody is and which orgs they may see. {@link io.spyhop.gateway.access.Access} answers the
 * door's question from a cache of a few seconds; {@link io.spyhop.gateway.access.TokenResource} and {@link
 * io.spyhop.gateway.access.SessionResource} are the REST side; {@link io.spyhop.gateway.access.AdminToken} makes the
 * first token.
 */
@NullMarked
package io.spyhop.gateway.access;

import org.jspecify.annotations.NullMarked;
