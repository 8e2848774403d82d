package io.spyhop.gateway.logs;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.Answers;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The address of downloads: a plain route, because a file is bytes that are written while they are found. A download counts
 * as a stream of its token: it ends with it. Thread-safe.
 */
@ApplicationScoped
class Downloads {
    private static final String PATH = "/api/v1/workloads/:id/logs/download";

    private final Services services;
    private final Subscriptions subscriptions;
    private final AtomicInteger running = new AtomicInteger();

    @Inject
    Downloads(Services services, Subscriptions subscriptions) {
        this.services = services;
        this.subscriptions = subscriptions;
    }

    void install(@Observes Router router) {
        router.route(PATH).handler(this::serve);
    }

    private void serve(RoutingContext context) {
        try {
            SseConnection.onlyGet(context);
            DownloadRequest request = DownloadRequest.of(context);
            WorkloadId workload = Scope.workload(context).id();
            Caller caller = Scope.caller(context);
            HttpServerResponse response = context.response();
            Connection connection = new Connection(response);
            Context loop = Objects.requireNonNull(Vertx.currentContext());
            Consumer<RuntimeException> refuse = e -> loop.runOnContext(now -> Answers.problem(context, e));
            Runnable head = () -> response.setChunked(true)
                    .putHeader(HttpHeaders.CONTENT_TYPE, request.mediaType())
                    .putHeader(
                            HttpHeaders.CONTENT_DISPOSITION,
                            "attachment; filename=\"" + request.fileName(workload.value()) + "\"");
            Download download = new Download(services.logs(), workload, request, connection, head, refuse);
            if (running.incrementAndGet() > LogsLimits.DOWNLOADS_MAX) {
                running.decrementAndGet();
                throw new SpyhopException(
                        ErrorCode.TOO_MANY, "at most " + LogsLimits.DOWNLOADS_MAX + " downloads are served here");
            }
            begin(context, caller, connection, download);
        } catch (SpyhopException e) {
            Answers.problem(context, e);
        }
    }

    private void begin(RoutingContext context, Caller caller, Connection connection, Download download) {
        try {
            subscriptions.add(caller, download);
        } catch (SpyhopException e) {
            running.decrementAndGet();
            throw e;
        }
        connection.watch(context, download);
        subscriptions.run(caller, Scope.trace(context), download, running::decrementAndGet);
    }
}
