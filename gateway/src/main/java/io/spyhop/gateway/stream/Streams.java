package io.spyhop.gateway.stream;

import io.quarkus.runtime.ShutdownEvent;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.gateway.request.Answers;
import io.spyhop.gateway.request.LineParameters;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.request.Requests;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Scope;
import io.spyhop.gateway.services.Services;
import io.spyhop.messaging.KafkaConfig;
import io.spyhop.messaging.KafkaConnection;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;

/**
 * The addresses of live lines. They are plain routes, because a stream is bytes that are rendered already. The door has
 * checked everything before: a workload in the context may be seen. Thread-safe.
 */
@ApplicationScoped
class Streams {
    private static final String LOGS = "/api/v1/workloads/:id/logs";

    private final Services services;
    private final StreamMetrics metrics;
    private final LineFeeds feeds;
    private final Subscriptions subscriptions;
    private final Duration keepAlive;

    @Inject
    Streams(
            Services services,
            StreamMetrics metrics,
            Subscriptions subscriptions,
            KafkaConfig brokers,
            SpyhopConfig spyhop,
            StreamsConfig config) {
        this.services = services;
        this.metrics = metrics;
        this.subscriptions = subscriptions;
        this.keepAlive = config.keepAlive();
        KafkaConnection connection = KafkaConnection.configured("gateway", brokers, spyhop);
        this.feeds = new LineFeeds(
                arrived -> new LinesTail(connection, arrived),
                services::logs,
                new RecentBatches(StreamLimits.RECENT_BYTES_MAX, StreamLimits.RECENT_AGE_MAX));
    }

    void install(@Observes Router router, Vertx vertx) {
        router.route(LOGS + "/stream").handler(this::events);
        router.route(LOGS + "/ws").handler(this::webSocket);
        router.get(LOGS).handler(this::appEvents);
        Periodic.run(vertx, keepAlive, "spyhop-tick", feeds::isNeeded, feeds::tick);
        Periodic.run(vertx, StreamLimits.STORE_CHECK, "spyhop-store-check", feeds::isNeeded, feeds::compare);
    }

    void stop(@Observes ShutdownEvent event) {
        feeds.endAll();
    }

    @PreDestroy
    void close() {
        feeds.close();
    }

    private void events(RoutingContext context) {
        Requests.serve(context, Streams::asked, request -> {
            SseConnection connection = new SseConnection(context.response());
            serve(context, connection, reader(context, request, new SseWriter(connection, Rendering.SSE)));
        });
    }

    private static LiveRequest asked(RoutingContext context) {
        SseConnection.onlyGet(context);
        return LiveRequest.of(context);
    }

    private Subscriber reader(RoutingContext context, LiveRequest request, LineWriter writer) {
        WorkloadId workload = Scope.id(context);
        return request.drop()
                ? new AppReader(feeds, workload, request.view(), writer, null, metrics)
                : new Reader(feeds, workload, request.start(), request.view(), writer, metrics);
    }

    private void appEvents(RoutingContext context) {
        if (!Scope.isApp(context) || !wantsStream(context)) {
            context.next();
            return;
        }
        Requests.serve(context, Streams::appView, view -> {
            Workload workload = Scope.workload(context);
            SseConnection connection = new SseConnection(context.response());
            SseWriter writer = new SseWriter(connection, Rendering.APP);
            AppReader reader = new AppReader(
                    feeds,
                    workload.id(),
                    view,
                    writer,
                    () -> services.workloads().find(workload.id()),
                    metrics);
            serve(context, connection, reader);
        });
    }

    private static View appView(RoutingContext context) {
        return View.of(Parameters.of(context, LineParameters.with("strip")));
    }

    private void serve(RoutingContext context, SseConnection connection, Subscriber reader) {
        Caller caller = Scope.caller(context);
        subscriptions.add(caller, reader);
        connection.open(context, reader);
        subscriptions.run(caller, Scope.trace(context), reader);
    }

    private void webSocket(RoutingContext context) {
        Requests.serve(context, Streams::askedByWebSocket, asked -> {
            HttpServerRequest request = context.request();
            Caller caller = Scope.caller(context);
            WebSocketWriter writer = new WebSocketWriter();
            Subscriber reader = reader(context, asked, writer);
            subscriptions.add(caller, reader);
            request.toWebSocket().onComplete(upgraded -> {
                if (upgraded.failed()) {
                    subscriptions.remove(caller, reader);
                    Answers.problem(context, SpyhopException.parameter("Upgrade", "this is not a WebSocket handshake"));
                } else {
                    opened(upgraded.result(), writer, reader);
                    subscriptions.run(caller, Scope.trace(context), reader);
                }
            });
        });
    }

    private static LiveRequest askedByWebSocket(RoutingContext context) {
        SseConnection.onlyGet(context);
        if (!"websocket".equalsIgnoreCase(context.request().getHeader(HttpHeaders.UPGRADE))) {
            throw SpyhopException.parameter("Upgrade", "this address speaks WebSocket only");
        }
        return LiveRequest.of(context);
    }

    private static void opened(ServerWebSocket socket, WebSocketWriter writer, Subscriber reader) {
        writer.open(socket);
        Runnable gone = () -> {
            writer.stop();
            reader.close();
        };
        socket.closeHandler(closed -> gone.run());
        socket.exceptionHandler(broken -> gone.run());
        // What a client says is of no interest here; it is read so that a close and a ping are seen.
        socket.handler(ignored -> {});
        socket.resume();
    }

    private static boolean wantsStream(RoutingContext context) {
        String accept = context.request().getHeader(HttpHeaders.ACCEPT);
        boolean accepted = accept == null
                || accept.contains(SseConnection.MEDIA_TYPE)
                || accept.strip().startsWith("*/*");
        return accepted && !Parameters.anyOf(context, "tail", "since", "until", "limit", "order", "context");
    }
}
