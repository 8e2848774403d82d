package io.spyhop.gateway.logs;

import io.spyhop.contracts.log.LineFilter;
import io.spyhop.contracts.log.LinesQuery;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.LineParameters;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.stream.View;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which page of lines is asked for. Immutable.
 *
 * @param context lines around each that matches
 */
record PageRequest(Order order, LineRange range, View view, int limit, int context) {
    /** In which direction the range is read, and shown. */
    enum Order {
        /** From its beginning. */
        OLDEST,
        /** From its end. */
        NEWEST,
        /** The last lines of it, shown ascending. */
        TAIL
    }

    /**
     * Reads the query of a request.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    static PageRequest of(RoutingContext context) {
        Parameters parameters = Parameters.of(
                context, LineParameters.with("tail", "since", "until", "limit", "order", "context", "strip"));
        OptionalInt tail = parameters.number("tail", 1, LogsApi.PAGE_LINES_MAX);
        LineRange range = LineRange.of(parameters, Instant.now());
        OptionalInt limit = parameters.number("limit", 1, LogsApi.PAGE_LINES_MAX);
        Optional<Order> order = parameters.text("order").map(PageRequest::order);
        OptionalInt around = parameters.number("context", 0, LinesQuery.CONTEXT_MAX);
        if (tail.isPresent() && parameters.has("since")) {
            throw SpyhopException.parameter("tail", "not together with since");
        }
        if (tail.isPresent() && order.isPresent()) {
            throw SpyhopException.parameter("order", "not together with tail");
        }
        View view = View.of(parameters);
        if (around.isPresent() && !view.isFiltered()) {
            throw SpyhopException.parameter("context", "only with stream, level, q, regex or fields");
        }
        int most = limit.orElse(LogsLimits.LIMIT);
        return new PageRequest(
                order.orElse(parameters.has("since") ? Order.OLDEST : Order.TAIL),
                range,
                view,
                tail.isPresent() ? Math.min(tail.getAsInt(), limit.orElse(tail.getAsInt())) : most,
                around.orElse(0));
    }

    /** Whether every line of the range is wanted, which the store answers without looking into them. */
    boolean isPlain() {
        return !view.isFiltered()
                && range.isOpen()
                && (order == Order.OLDEST || (order == Order.TAIL && range.after() == 0));
    }

    /** The question for a part of the range. */
    LinesQuery query(LineRange part) {
        LineFilter filter = view.filter().between(part.sinceNanos(), part.untilNanos());
        return new LinesQuery(part.after(), part.before(), order != Order.OLDEST, limit, context, filter);
    }

    private static Order order(String value) {
        return switch (value) {
            case "oldest" -> Order.OLDEST;
            case "newest" -> Order.NEWEST;
            default -> throw SpyhopException.parameter("order", "oldest or newest");
        };
    }
}
