package io.spyhop.gateway.search;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LineFilter;
import io.spyhop.contracts.log.LineMatcher;
import io.spyhop.contracts.log.SearchQuery;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.gateway.request.LineParameters;
import io.spyhop.gateway.request.Parameters;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is searched for. Immutable.
 *
 * @param filter with both its times
 * @param from where to begin: at the newest end, or where an earlier answer ended
 * @param workloads only these; empty for all
 * @param org null for any
 * @param project null for any
 * @param kind null for all but job runs
 * @param stepNanos the width of a bucket
 */
record SearchRequest(
        LineFilter filter,
        SearchCursor from,
        boolean isContinued,
        Set<WorkloadId> workloads,
        @Nullable String org,
        @Nullable String project,
        @Nullable Kind kind,
        int limit,
        long stepNanos) {
    private static final long SECOND = 1_000_000_000L;

    SearchRequest {
        workloads = Set.copyOf(workloads);
    }

    /**
     * Reads the query of a request.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    static SearchRequest of(RoutingContext context) {
        Parameters parameters = Parameters.of(
                context,
                LineParameters.with(
                        "since", "until", "org", "project", "kind", "workload+", "limit", "buckets", "cursor"));
        LineFilter filter = LineParameters.filter(parameters);
        LineMatcher.of(filter);
        SearchCursor begin = begin(parameters, Instant.now());
        Optional<SearchCursor> cursor = parameters.text("cursor").map(text -> SearchCursor.read("cursor", text));
        SearchCursor from = cursor.orElse(begin);
        int buckets = parameters.number("buckets", 1, SearchQuery.BUCKETS_MAX).orElse(SearchLimits.BUCKETS);
        long range = from.untilNanos() - from.sinceNanos();
        long step = Math.ceilDiv(Math.ceilDiv(range, buckets), SECOND) * SECOND;
        return new SearchRequest(
                filter.between(from.sinceNanos(), from.untilNanos()),
                from,
                cursor.isPresent(),
                ids(parameters.list("workload", SearchLimits.WORKLOADS_NAMED_MAX)),
                parameters.text("org").orElse(null),
                parameters.text("project").orElse(null),
                parameters.name("kind", Kind::of).orElse(null),
                parameters.number("limit", 0, SearchLimits.ROWS_MAX).orElse(SearchLimits.ROWS),
                step);
    }

    /** How many buckets the range has. */
    int buckets() {
        return Math.toIntExact(Math.ceilDiv(from.untilNanos() - from.sinceNanos(), stepNanos));
    }

    private static SearchCursor begin(Parameters parameters, Instant now) {
        long until = LineParameters.time(parameters, "until", now).orElse(LineParameters.nanos(now));
        long since =
                LineParameters.time(parameters, "since", now).orElse(Math.max(0, until - SearchLimits.SINCE.toNanos()));
        if (until <= since) {
            throw SpyhopException.parameter("until", "after since");
        }
        return new SearchCursor(since, until, until, 0);
    }

    private static Set<WorkloadId> ids(List<String> names) {
        try {
            return names.stream().map(WorkloadId::new).collect(Collectors.toSet());
        } catch (IllegalArgumentException e) {
            throw SpyhopException.parameter("workload", "not a known workload");
        }
    }
}
