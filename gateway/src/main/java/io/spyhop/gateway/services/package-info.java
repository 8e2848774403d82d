/**
 * The other services, as the gateway asks them: the bean in the same process where there is one, else HTTP ({@code
 * RemoteService}), which tries replicas and again ({@code Calls}) within {@code CallLimits}. The callers cannot tell which.
 */
@NullMarked
package io.spyhop.gateway.services;

import org.jspecify.annotations.NullMarked;
