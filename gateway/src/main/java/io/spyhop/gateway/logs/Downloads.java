package io.spyhop.gateway.logs;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.Answers;
import io.spyhop.gateway.request.Requests;
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
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
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

    /** How many each token has; under the lock of this. */
    private final Map<UUID, Integer> running = new HashMap<>();

    @Inject
    Downloads(Services services, Subscriptions subscriptions) {
        this.services = services;
        this.subscriptions = subscriptions;
    }

    void install(@Observes Router router) {
        router.route(PATH).handler(this::serve);
    }

    private void serve(RoutingContext context) {
        Requests.serve(context, Downloads::asked, request -> {
            WorkloadId workload = Scope.id(context);
            Caller caller = Scope.caller(context);
            HttpServerResponse response = context.response();
            Connection connection = new Connection(response, LogsLimits.DOWNLOAD_STALL);
            Context loop = Objects.requireNonNull(Vertx.currentContext());
            Consumer<RuntimeException> refuse = e -> loop.runOnContext(now -> Answers.problem(context, e));
            Runnable head = () -> response.setChunked(true)
                    .putHeader(HttpHeaders.CONTENT_TYPE, request.mediaType())
                    .putHeader(
                            HttpHeaders.CONTENT_DISPOSITION,
                            "attachment; filename=\"" + request.fileName(workload.value()) + "\"");
            Download download = new Download(services.logs(), workload, request, connection, head, refuse);
            enter(caller.token());
            begin(context, caller, connection, download);
        });
    }

    private static DownloadRequest asked(RoutingContext context) {
        SseConnection.onlyGet(context);
        return DownloadRequest.of(context);
    }

    private void begin(RoutingContext context, Caller caller, Connection connection, Download download) {
        try {
            subscriptions.add(caller, download);
        } catch (SpyhopException e) {
            leave(caller.token());
            throw e;
        }
        connection.watch(context, download);
        subscriptions.run(caller, Scope.trace(context), download, () -> leave(caller.token()));
    }

    private synchronized void enter(UUID token) {
        int all = running.values().stream().mapToInt(Integer::intValue).sum();
        if (all >= LogsLimits.DOWNLOADS_MAX) {
            throw new SpyhopException(
                    ErrorCode.TOO_MANY, "at most " + LogsLimits.DOWNLOADS_MAX + " downloads are served here");
        }
        if (running.getOrDefault(token, 0) >= LogsLimits.DOWNLOADS_TOKEN_MAX) {
            throw new SpyhopException(
                    ErrorCode.TOO_MANY,
                    "at most " + LogsLimits.DOWNLOADS_TOKEN_MAX + " downloads are served to one token");
        }
        running.merge(token, 1, Integer::sum);
    }

    private synchronized void leave(UUID token) {
        running.computeIfPresent(token, (id, count) -> count > 1 ? count - 1 : null);
    }
}
