package io.spyhop.contracts.internal;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.spyhop.contracts.problem.ErrorCode;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/**
 * What Quarkus itself serves of a service, its meters, is as internal as the resources: it does not exist for whoever lacks the secret.
 * (Health endpoints stand elsewhere, and are open.)
 */
@ApplicationScoped
class InternalRoutes {
    private static final String PATH = "/q/";
    private static final int PRIORITY = 100;

    private final InternalSecret secret;

    @Inject
    InternalRoutes(InternalSecret secret) {
        this.secret = secret;
    }

    void install(@Observes Filters filters) {
        filters.register(this::filter, PRIORITY);
    }

    private void filter(RoutingContext context) {
        boolean internal = context.normalizedPath().startsWith(PATH);
        if (internal && !secret.matches(context.request().getHeader(InternalSecret.HEADER))) {
            context.response().setStatusCode(ErrorCode.NOT_FOUND.status()).end();
        } else {
            context.next();
        }
    }
}
