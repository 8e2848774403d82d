/**
 * Tokens and sessions: who somebody is and which orgs they may see. {@link io.spyhop.gateway.token.Access} answers the
 * door's question from a cache of a few seconds, and {@link io.spyhop.gateway.token.FailedSignIns} slows whoever guesses;
 * {@link io.spyhop.gateway.token.TokenResource}, {@link io.spyhop.gateway.token.SessionResource} and {@link
 * io.spyhop.gateway.token.SessionsResource} are the REST side; {@link io.spyhop.gateway.token.AdminToken} makes the first
 * token and {@link io.spyhop.gateway.token.SignInLink} links that sign in once. All of it is in the database, so that
 * several gateways agree.
 */
@NullMarked
package io.spyhop.gateway.token;

import org.jspecify.annotations.NullMarked;
