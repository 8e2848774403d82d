package io.spyhop.gateway.search;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.gateway.request.Answers;
import io.spyhop.gateway.request.Requests;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Scope;
import io.spyhop.gateway.services.Services;
import io.spyhop.gateway.stream.Connection;
import io.spyhop.gateway.stream.SseConnection;
import io.spyhop.gateway.stream.Subscriptions;
import io.spyhop.gateway.workloads.VisibleWorkloads;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The address of searches. A search counts as a stream of its token: it is limited, and ends with it. Thread-safe. */
@ApplicationScoped
class Searches {
    private static final String PATH = "/api/v1/logs/search";

    /** A search that streams ends with its range. */
    private static final Duration TO_ITS_END = Duration.ofDays(1);

    private final Services services;
    private final SearchedWorkloads searched;
    private final Subscriptions subscriptions;

    @Inject
    Searches(Services services, VisibleWorkloads visible, Subscriptions subscriptions) {
        this.services = services;
        this.searched = new SearchedWorkloads(visible, services);
        this.subscriptions = subscriptions;
    }

    void install(@Observes Router router) {
        router.route(PATH).handler(this::serve);
    }

    private void serve(RoutingContext context) {
        Requests.serve(context, Searches::asked, request -> {
            Caller caller = Scope.caller(context);
            Supplier<List<WorkloadId>> workloads = () -> searched.find(caller, request);
            Context loop = Objects.requireNonNull(Vertx.currentContext());
            Consumer<RuntimeException> refuse = e -> loop.runOnContext(now -> Answers.problem(context, e));
            String accept = context.request().getHeader(HttpHeaders.ACCEPT);
            boolean streamed = accept != null && accept.contains(SseConnection.MEDIA_TYPE);
            Search search = streamed
                    ? streamed(context, request, workloads, refuse)
                    : answered(loop, context.response(), request, workloads, refuse);
            subscriptions.add(caller, search);
            new Connection(context.response()).watch(context, search);
            subscriptions.run(caller, Scope.trace(context), search);
        });
    }

    private static SearchRequest asked(RoutingContext context) {
        SseConnection.onlyGet(context);
        return SearchRequest.of(context);
    }

    private Search streamed(
            RoutingContext context,
            SearchRequest request,
            Supplier<List<WorkloadId>> workloads,
            Consumer<RuntimeException> refuse) {
        SseConnection connection = new SseConnection(context.response());
        AnswerEvents writer = new AnswerEvents(connection, connection::open, refuse);
        return new Search(services.logs(), workloads, request, writer, TO_ITS_END);
    }

    private Search answered(
            Context loop,
            HttpServerResponse response,
            SearchRequest request,
            Supplier<List<WorkloadId>> workloads,
            Consumer<RuntimeException> refuse) {
        Consumer<Buffer> answer = body -> loop.runOnContext(now -> {
            if (!response.ended() && !response.closed()) {
                response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(body);
            }
        });
        return new Search(services.logs(), workloads, request, new OneAnswer(answer, refuse), SearchLimits.ANSWER);
    }
}
