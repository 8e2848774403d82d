package io.spyhop.gateway.stream;

import io.quarkus.runtime.ShutdownEvent;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.contracts.trace.CurrentTrace;
import io.spyhop.contracts.trace.TraceContext;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.gateway.request.Answers;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Scope;
import io.spyhop.gateway.services.Services;
import io.spyhop.gateway.token.Access;
import io.spyhop.messaging.KafkaConfig;
import io.spyhop.messaging.KafkaConnection;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses of live lines. They are plain routes, because a stream is bytes that are rendered already. The door has
 * checked everything before: a workload in the context may be seen. Thread-safe.
 */
@ApplicationScoped
class Streams {
    private static final Logger LOGGER = LoggerFactory.getLogger(Streams.class);
    private static final String LOGS = "/api/v1/workloads/:id/logs";
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final String EVENT_STREAM = "text/event-stream";

    private final Services services;
    private final Access access;
    private final StreamMetrics metrics;
    private final LineFeeds feeds;
    private final Subscriptions subscriptions = new Subscriptions();
    private final AtomicBoolean ticking = new AtomicBoolean();
    private final Duration keepAlive;

    @Inject
    Streams(
            Services services,
            Access access,
            StreamMetrics metrics,
            KafkaConfig brokers,
            SpyhopConfig spyhop,
            StreamsConfig config) {
        this.services = services;
        this.access = access;
        this.metrics = metrics;
        this.keepAlive = config.keepAlive();
        KafkaConnection connection = KafkaConnection.configured("gateway", brokers, spyhop);
        this.feeds = new LineFeeds(arrived -> new LinesTail(connection, arrived), services::logs);
        metrics.subscribers(subscriptions::count);
    }

    void install(@Observes Router router, Vertx vertx) {
        router.route(LOGS + "/stream").handler(this::events);
        router.route(LOGS + "/ws").handler(this::webSocket);
        router.get(LOGS).handler(this::appEvents);
        vertx.setPeriodic(keepAlive.toMillis(), timer -> {
            // One at a time: while the store is slow, ticks are left out.
            if (ticking.compareAndSet(false, true)) {
                Thread.ofVirtual().name("spyhop-tick").start(this::tick);
            }
        });
    }

    void revoked(@Observes Access.Revoked revoked) {
        subscriptions.close(List.of(revoked.token()));
    }

    void stop(@Observes ShutdownEvent event) {
        feeds.endAll();
    }

    @PreDestroy
    void close() {
        feeds.close();
    }

    private void tick() {
        try {
            feeds.tick();
            subscriptions.close(access.invalid(subscriptions.tokens()));
        } catch (RuntimeException e) {
            LOGGER.atWarn().addKeyValue("reason", e.toString()).log("Tokens of open streams were not checked.");
        } finally {
            ticking.set(false);
        }
    }

    private void events(RoutingContext context) {
        try {
            onlyGet(context);
            Start start = start(context);
            Workload workload = Scope.workload(context);
            SseWriter writer = new SseWriter(context.response(), Rendering.SSE);
            Reader reader = new Reader(feeds, workload.id(), start, writer, metrics);
            serve(context, reader, writer);
        } catch (SpyhopException e) {
            Answers.problem(context, e);
        }
    }

    private void appEvents(RoutingContext context) {
        if (!Scope.isApp(context) || !wantsStream(context)) {
            context.next();
            return;
        }
        try {
            Parameters.of(context);
            Workload workload = Scope.workload(context);
            SseWriter writer = new SseWriter(context.response(), Rendering.APP);
            AppReader reader = new AppReader(
                    feeds, workload.id(), writer, () -> services.workloads().find(workload.id()), metrics);
            serve(context, reader, writer);
        } catch (SpyhopException e) {
            Answers.problem(context, e);
        }
    }

    private <R extends Runnable & Subscriber> void serve(RoutingContext context, R reader, SseWriter writer) {
        UUID token = Scope.caller(context).token();
        subscriptions.add(token, reader);
        HttpServerResponse response = context.response();
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, EVENT_STREAM)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform")
                .putHeader("X-Accel-Buffering", "no");
        Runnable gone = () -> {
            writer.closed();
            reader.close();
        };
        response.closeHandler(closed -> gone.run());
        response.exceptionHandler(broken -> gone.run());
        context.request().resume();
        // The client learns at once that it is connected, whatever the store takes.
        response.write(": spyhop\n\n");
        start(token, Scope.trace(context), reader);
    }

    private void webSocket(RoutingContext context) {
        try {
            onlyGet(context);
            HttpServerRequest request = context.request();
            if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
                throw SpyhopException.parameter("Upgrade", "this address speaks WebSocket only");
            }
            Start start = start(context);
            Workload workload = Scope.workload(context);
            UUID token = Scope.caller(context).token();
            WebSocketWriter writer = new WebSocketWriter();
            Reader reader = new Reader(feeds, workload.id(), start, writer, metrics);
            subscriptions.add(token, reader);
            request.toWebSocket().onComplete(upgraded -> {
                if (upgraded.failed()) {
                    subscriptions.remove(token, reader);
                    Answers.problem(context, SpyhopException.parameter("Upgrade", "this is not a WebSocket handshake"));
                } else {
                    opened(upgraded.result(), writer, reader);
                    start(token, Scope.trace(context), reader);
                }
            });
        } catch (SpyhopException e) {
            Answers.problem(context, e);
        }
    }

    private static void opened(ServerWebSocket socket, WebSocketWriter writer, Reader reader) {
        writer.open(socket);
        Runnable gone = () -> {
            writer.closed();
            reader.close();
        };
        socket.closeHandler(closed -> gone.run());
        socket.exceptionHandler(broken -> gone.run());
        // What a client says is of no interest here; it is read so that a close and a ping are seen.
        socket.handler(ignored -> {});
        socket.resume();
    }

    private <R extends Runnable & Subscriber> void start(UUID token, TraceContext trace, R reader) {
        Thread.ofVirtual().name("spyhop-reader").start(() -> {
            try {
                CurrentTrace.run(trace, reader::run);
            } finally {
                subscriptions.remove(token, reader);
            }
        });
    }

    private static Start start(RoutingContext context) {
        Parameters parameters = Parameters.of(context, "since", "tail");
        OptionalLong since = parameters.lineNumber("since");
        OptionalInt tail = parameters.number("tail", 0, LogsApi.PAGE_LINES_MAX);
        String last = context.request().getHeader(LAST_EVENT_ID);
        if (since.isPresent() && tail.isPresent()) {
            throw SpyhopException.parameter("tail", "not together with since");
        }
        if (last != null && !last.isEmpty()) {
            return new Start.After(Parameters.number(LAST_EVENT_ID, last, 0, Long.MAX_VALUE));
        }
        if (since.isPresent()) {
            return new Start.After(since.getAsLong());
        }
        return tail.orElse(0) > 0 ? new Start.Tail(tail.getAsInt()) : new Start.Now();
    }

    private static boolean wantsStream(RoutingContext context) {
        String accept = context.request().getHeader(HttpHeaders.ACCEPT);
        boolean accepted = accept == null
                || accept.contains(EVENT_STREAM)
                || accept.strip().startsWith("*/*");
        return accepted && !Parameters.anyOf(context, "tail", "since", "until");
    }

    private static void onlyGet(RoutingContext context) {
        if (!context.request().method().equals(HttpMethod.GET)) {
            context.response().putHeader(HttpHeaders.ALLOW, "GET");
            throw new SpyhopException(ErrorCode.METHOD_UNKNOWN, "only GET is known here");
        }
    }
}
