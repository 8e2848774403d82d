package io.spyhop.contracts.internal;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.Problem;
import io.spyhop.contracts.problem.SpyhopException;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;

/** Internal resources do not exist for whoever lacks the secret: 404, so that nothing is learned from asking. */
@Provider
public class InternalFilter implements ContainerRequestFilter {
    private final InternalSecret secret;

    @Inject
    InternalFilter(InternalSecret secret) {
        this.secret = secret;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        String path = request.getUriInfo().getPath();
        boolean internal = path.startsWith(InternalSecret.PATH) || path.startsWith(InternalSecret.PATH.substring(1));
        if (internal && !secret.matches(request.getHeaderString(InternalSecret.HEADER))) {
            SpyhopException e = new SpyhopException(ErrorCode.NOT_FOUND, ErrorCode.NOT_FOUND.title());
            request.abortWith(Response.status(e.code().status())
                    .type(Problem.MEDIA_TYPE)
                    .entity(Problem.of(e))
                    .build());
        }
    }
}
