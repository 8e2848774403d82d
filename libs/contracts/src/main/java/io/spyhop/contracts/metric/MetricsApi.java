package io.spyhop.contracts.metric;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.internal.EveryReplica;
import io.spyhop.contracts.internal.Idempotent;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway asks metrics-service: what containers use now, of the replicas that sample them, and what is stored, of any
 * replica. Internal: who may see what is decided by the caller. Thread-safe.
 */
@Path("/internal/metrics")
@Produces(MediaType.APPLICATION_JSON)
public interface MetricsApi {
    /** The most workloads in one question for what they use now. */
    int WORKLOADS_MAX = 500;

    /** The most of the greediest in an answer. */
    int TOP_MAX = 100;

    /** The most samples in a page. */
    int SAMPLES_MAX = 5000;

    /** The most buckets in an answer, of all series of one figure together; the step is made longer where there would be more. */
    int BUCKETS_MAX = 20_000;

    /** How old what is told to be used now may be, in milliseconds. */
    int FRESH_MILLIS = 2000;

    /**
     * What these workloads' running instances use now, at most {@link #FRESH_MILLIS} old; by container. Workloads of which
     * nothing runs, or that another replica samples, are missing. Asking each second for a workload keeps its figures a
     * second apart.
     *
     * @param workloads at most {@link #WORKLOADS_MAX}
     */
    @POST
    @Idempotent
    @EveryReplica
    @Path("/usages")
    @Consumes(MediaType.APPLICATION_JSON)
    Map<String, InstanceUsage> usages(List<WorkloadId> workloads);

    /**
     * The instances that use most, by container; each replica names so many of its own. As of the newest sample: an
     * interval old at most.
     *
     * @param orgs only workloads of these orgs; empty for all
     * @param limit 1 to {@link #TOP_MAX}
     */
    @GET
    @EveryReplica
    @Path("/top")
    Map<String, InstanceUsage> top(
            @QueryParam("by") TopBy by, @QueryParam("org") List<String> orgs, @QueryParam("limit") int limit);

    /**
     * The kernel's counters of all running containers of a partition of the workloads ({@code RecordKey.partitionOf}), by
     * container; at most an interval old.
     *
     * @param partition 0 to {@code Topic.PARTITIONS - 1}
     */
    @GET
    @EveryReplica
    @Path("/counters/{partition}")
    Map<String, ContainerCounters> counters(@PathParam("partition") int partition);

    /**
     * Stored figures of a workload, from the coarsest store that has the step. Buckets that are not rolled up yet are computed
     * from samples. A workload without samples has no series.
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
     * Stored figures of many workloads, added up; {@code group} of each series names what.
     *
     * @throws io.spyhop.contracts.problem.SpyhopException {@code PARAMETER_INVALID} where the range is not one
     */
    @POST
    @Idempotent
    @Path("/aggregate")
    @Consumes(MediaType.APPLICATION_JSON)
    SeriesAnswer aggregate(AggregateQuery query);
}
