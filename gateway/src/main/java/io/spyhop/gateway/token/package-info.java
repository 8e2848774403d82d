/**
 * Tokens and sessions: who somebody is and which orgs they may see. {@link io.spyhop.gateway.token.Access} answers the
 * door's question from a cache of a few seconds; {@link io.spyhop.gateway.token.TokenResource} and {@link
 * io.spyhop.gateway.token.SessionResource} are the REST side; {@link io.spyhop.gateway.token.AdminToken} makes the
 * first token.
 */
@NullMarked
package io.spyhop.gateway.token;

import org.jspecify.annotations.NullMarked;
