package io.spyhop.gateway.jobs;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobsApi;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunQuery;
import io.spyhop.contracts.job.RunStatus;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.Parameters;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which runs a client asks for. Immutable.
 *
 * @param runs all but the text
 * @param text what their output has to contain; null for anything
 */
record RunsRequest(RunQuery runs, @Nullable String text) {
    private static final Set<String> TRIGGERS = Set.of(Run.BY_API, Run.BY_DASHBOARD, Run.BY_SCHEDULE);

    /**
     * Reads the query of a request.
     *
     * @param job null for all jobs
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    static RunsRequest of(RoutingContext context, WorkloadId workload, @Nullable String job) {
        Parameters parameters = Parameters.of(context, "status", "triggeredBy", "from", "to", "q", "limit", "cursor");
        Instant now = Instant.now();
        RunQuery runs = new RunQuery(
                workload,
                job,
                parameters.name("status", RunStatus::of).orElse(null),
                parameters.name("triggeredBy", RunsRequest::trigger).orElse(null),
                parameters.time("from", now).orElse(null),
                parameters.time("to", now).orElse(null),
                parameters.number("limit", 1, JobsApi.PAGE_MAX).orElse(JobLimits.RUNS),
                parameters.text("cursor").orElse(null));
        return new RunsRequest(runs, parameters.text("q").orElse(null));
    }

    private static String trigger(String name) {
        if (!TRIGGERS.contains(name)) {
            throw new IllegalArgumentException("no such trigger");
        }
        return name;
    }
}
