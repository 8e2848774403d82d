package io.spyhop.gateway.scrape;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.Answers;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Scope;
import io.spyhop.gateway.services.Services;
import io.spyhop.gateway.stream.Connection;
import io.spyhop.gateway.stream.SseConnection;
import io.spyhop.gateway.stream.Subscriptions;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The address that Prometheus scrapes, in the place of the one that Quarkus has. A scrape counts as a stream of its token.
 * Thread-safe.
 */
@ApplicationScoped
@SuppressWarnings("deprecation") // Quarkus has no registry for the newer client yet
class Scrapes {
    private static final String PATH = "/metrics";

    private final Services services;
    private final Subscriptions subscriptions;
    private final PrometheusMeterRegistry registry;
    private final ScrapeMetrics metrics;

    @Inject
    Scrapes(Services services, Subscriptions subscriptions, PrometheusMeterRegistry registry, ScrapeMetrics metrics) {
        this.services = services;
        this.subscriptions = subscriptions;
        this.registry = registry;
        this.metrics = metrics;
    }

    void install(@Observes Router router) {
        router.route(PATH).handler(this::serve);
    }

    private void serve(RoutingContext context) {
        try {
            SseConnection.onlyGet(context);
            Parameters.of(context);
            Caller caller = Scope.caller(context);
            HttpServerResponse response = context.response();
            Connection connection = new Connection(response);
            Context loop = Objects.requireNonNull(Vertx.currentContext());
            Consumer<RuntimeException> refuse = e -> loop.runOnContext(now -> Answers.problem(context, e));
            Exposition format = Exposition.of(context.request().getHeader(HttpHeaders.ACCEPT));
            Runnable head = () -> response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, format.mediaType());
            // What this process does tells of every org.
            Optional<Supplier<String>> own = caller.isAdmin() ? Optional.of(() -> own(format)) : Optional.empty();
            Scrape scrape = new Scrape(services.usage(), caller, format, own, metrics, connection, head, refuse);
            subscriptions.add(caller, scrape);
            connection.watch(context, scrape);
            subscriptions.run(caller, Scope.trace(context), scrape);
        } catch (SpyhopException e) {
            Answers.problem(context, e);
        }
    }

    private String own(Exposition format) {
        return registry.scrape(
                switch (format) {
                    case CLASSIC -> TextFormat.CONTENT_TYPE_004;
                    case OPEN -> TextFormat.CONTENT_TYPE_OPENMETRICS_100;
                });
    }
}
