package io.spyhop.contracts.metric;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.internal.Idempotent;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway asks metrics-service: the stored figures, which every replica knows. Internal: who may see what is decided by the caller. Thread-safe.
 */
@Path("/internal/metrics")
@Produces(MediaType.APPLICATION_JSON)
public interface MetricsApi {
    /** The most samples in a page. */
    int SAMPLES_MAX = 5000;

    /** The most buckets in an answer, of all series of one figure together; the step is made longer where there would be more. */
    int BUCKETS_MAX = 20_000;

    /**
     * Stored figures of a workload, from the coarsest store that has the step. Buckets that are not rolled up yet are computed
     * from samples. A workload without samples has no series. There is one of each figure and index: an instance that is
     * recreated at its index continues its line. A sample is in the bucket of its slot, and weighs as much as its interval.
     *
     * @throws io.spyhop.contracts.problem.SpyhopException {@code PARAMETER_INVALID} where the range is not one
     */
    @POST
    @Idempotent
    @Path("/{workload}/series")
    @Consumes(MediaType.APPLICATION_JSON)
    SeriesAnswer series(@PathParam("workload") WorkloadId workload, SeriesQuery query);

    /**
     * Samples of a workload as they were stored, oldest first.
     *
     * @param fromMillis inclusive, milliseconds since the epoch
     * @param toMillis exclusive
     * @param limit 1 to {@link #SAMPLES_MAX}
     * @param cursor where the last page ended, null for the first
     * @throws io.spyhop.contracts.problem.SpyhopException {@code PARAMETER_INVALID} where the cursor is not one
     */
    @GET
    @Path("/{workload}/samples")
    SamplePage samples(
            @PathParam("workload") WorkloadId workload,
            @QueryParam("from") long fromMillis,
            @QueryParam("to") long toMillis,
            @QueryParam("limit") int limit,
            @QueryParam("cursor") @Nullable String cursor);

    /**
     * Stored figures of many workloads, added up; {@code group} of each series names what: an org, {@code <org>/<project>} (nothing
     * after the slash where there is no project), a host. A value is the average, over its bucket, of the sum of all instances:
     * the sum of the averages of each, times the share of the bucket for which its figure is known. An instance that used 100 for
     * half of a bucket counts 50. Of a bucket that has not ended what has gone by counts as the whole. Time in which nothing was
     * measured counts as not used. There are no bounds and no {@code memLimitMb}.
     *
     * @throws io.spyhop.contracts.problem.SpyhopException {@code PARAMETER_INVALID} where the range is not one
     */
    @POST
    @Idempotent
    @Path("/aggregate")
    @Consumes(MediaType.APPLICATION_JSON)
    SeriesAnswer aggregate(AggregateQuery query);
}
