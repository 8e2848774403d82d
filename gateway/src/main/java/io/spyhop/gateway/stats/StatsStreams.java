package io.spyhop.gateway.stats;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.ShutdownEvent;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.Answers;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Scope;
import io.spyhop.gateway.services.Services;
import io.spyhop.gateway.stream.Periodic;
import io.spyhop.gateway.stream.SseConnection;
import io.spyhop.gateway.stream.StreamsConfig;
import io.spyhop.gateway.stream.Subscriptions;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;

/** The address of live figures. The door has checked the workload. Thread-safe. */
@ApplicationScoped
class StatsStreams {
    private static final String PATH = "/api/v1/workloads/:id/stats/stream";

    private final Subscriptions subscriptions;
    private final StatsFeed feed;
    private final Duration keepAlive;

    @Inject
    StatsStreams(Services services, Subscriptions subscriptions, StreamsConfig config, ObjectMapper json) {
        this.subscriptions = subscriptions;
        this.keepAlive = config.keepAlive();
        this.feed = new StatsFeed(services::usage, services::workloads, json);
    }

    void install(@Observes Router router, Vertx vertx) {
        router.route(PATH).handler(this::serve);
        Periodic.run(vertx, StatsLimits.EVERY, "spyhop-stats", feed::isWatched, feed::poll);
        Periodic.run(vertx, keepAlive, "spyhop-stats-tick", feed::isWatched, feed::tick);
    }

    void stop(@Observes ShutdownEvent event) {
        feed.endAll();
    }

    private void serve(RoutingContext context) {
        try {
            SseConnection.onlyGet(context);
            Parameters.of(context);
            Caller caller = Scope.caller(context);
            SseConnection connection = SseConnection.ofLatest(context.response());
            StatsReader reader = new StatsReader(feed, Scope.id(context), new SseStats(connection));
            subscriptions.add(caller, reader);
            connection.open(context, reader);
            subscriptions.run(caller, Scope.trace(context), reader);
        } catch (SpyhopException e) {
            Answers.problem(context, e);
        }
    }
}
