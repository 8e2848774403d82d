package io.spyhop.contracts.trace;

import io.spyhop.contracts.problem.Problem;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import java.util.List;
import java.util.Optional;

/**
 * Makes the trace in a request's headers current while its resource works, and names it in problems. The headers are to be
 * believed: those of the public API are the door's, those of services the gateway's. Thread-safe.
 */
@Provider
public class TraceFilter implements ContainerRequestFilter, ContainerResponseFilter {
    @Override
    public void filter(ContainerRequestContext request) {
        CurrentTrace.set(trace(request).orElse(null));
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        CurrentTrace.set(null);
        if (response.getEntity() instanceof Problem problem) {
            trace(request).ifPresent(trace -> response.setEntity(problem.in(trace.traceId())));
        }
    }

    private static Optional<TraceContext> trace(ContainerRequestContext request) {
        return TraceContext.parse(
                request.getHeaders().getOrDefault(TraceContext.HEADER, List.of()),
                request.getHeaders().getOrDefault(TraceContext.STATE_HEADER, List.of()));
    }
}
