package io.spyhop.gateway.stream;

import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.LineParameters;
import io.spyhop.gateway.request.LineParameters.Bound;
import io.spyhop.gateway.request.Parameters;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the client of a live stream asks for. Immutable.
 *
 * @param drop whether lines are dropped when it lags: then it is live only
 */
record LiveRequest(Start start, View view, boolean drop) {
    /**
     * Reads the query of a request.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    static LiveRequest of(RoutingContext context) {
        Parameters parameters = Parameters.of(context, LineParameters.with("since", "tail", "strip", "onLag"));
        Optional<Bound> since = LineParameters.bound(parameters, "since", Instant.now());
        OptionalInt tail = parameters.number("tail", 0, LogsApi.PAGE_LINES_MAX);
        boolean drop = parameters.text("onLag").map(LiveRequest::drops).orElse(false);
        String last = context.request().getHeader(SseConnection.LAST_EVENT_ID);
        if (since.isPresent() && tail.isPresent()) {
            throw SpyhopException.parameter("tail", "not together with since");
        }
        if (drop && (since.isPresent() || tail.isPresent())) {
            throw SpyhopException.parameter("onLag", "drop is for live lines only, without since and tail");
        }
        View view = View.of(parameters);
        if (last != null && !last.isEmpty()) {
            long number = Parameters.number(SseConnection.LAST_EVENT_ID, last, 0, Long.MAX_VALUE);
            return new LiveRequest(new Start.After(number), view, drop);
        }
        return new LiveRequest(start(since, tail), view, drop);
    }

    private static Start start(Optional<Bound> since, OptionalInt tail) {
        if (since.isPresent()) {
            return switch (since.get()) {
                case Bound.Line line -> new Start.After(line.lineNo());
                case Bound.Time time -> new Start.Since(time.nanos());
            };
        }
        return tail.orElse(0) > 0 ? new Start.Tail(tail.getAsInt()) : new Start.Now();
    }

    private static boolean drops(String value) {
        return switch (value) {
            case "drop" -> true;
            case "catch-up" -> false;
            default -> throw SpyhopException.parameter("onLag", "drop or catch-up");
        };
    }
}
