package io.spyhop.gateway.events;

import io.quarkus.runtime.ShutdownEvent;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.gateway.request.Answers;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Scope;
import io.spyhop.gateway.stream.Periodic;
import io.spyhop.gateway.stream.SseConnection;
import io.spyhop.gateway.stream.StreamsConfig;
import io.spyhop.gateway.stream.Subscriptions;
import io.spyhop.messaging.KafkaConfig;
import io.spyhop.messaging.KafkaConnection;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;

/** The address of events. Thread-safe. */
@ApplicationScoped
class Events {
    private static final String PATH = "/api/v1/events";

    private final Subscriptions subscriptions;
    private final EventFeed feed;
    private final Duration keepAlive;

    @Inject
    Events(Subscriptions subscriptions, KafkaConfig brokers, SpyhopConfig spyhop, StreamsConfig config) {
        this.subscriptions = subscriptions;
        this.keepAlive = config.keepAlive();
        KafkaConnection connection = KafkaConnection.configured("gateway", brokers, spyhop);
        this.feed = new EventFeed(arrived -> new TopicSource(connection, arrived));
    }

    void install(@Observes Router router, Vertx vertx) {
        router.route(PATH).handler(this::serve);
        Periodic.run(vertx, keepAlive, "spyhop-events-tick", feed::isFollowed, feed::tick);
    }

    void stop(@Observes ShutdownEvent event) {
        feed.endAll();
    }

    @PreDestroy
    void close() {
        feed.close();
    }

    private void serve(RoutingContext context) {
        try {
            SseConnection.onlyGet(context);
            Caller caller = Scope.caller(context);
            EventFilter filter = EventFilter.of(context, caller);
            String last = context.request().getHeader(SseConnection.LAST_EVENT_ID);
            List<Long> start =
                    last == null || last.isEmpty() ? null : EventCursor.read(SseConnection.LAST_EVENT_ID, last);
            SseConnection connection = new SseConnection(context.response());
            EventReader reader = new EventReader(feed, filter, new SseEvents(connection), start);
            subscriptions.add(caller, reader);
            connection.open(context, reader);
            subscriptions.run(caller, Scope.trace(context), reader);
        } catch (SpyhopException e) {
            Answers.problem(context, e);
        }
    }
}
