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

/**
 * What the gateway asks metrics-service: what containers use now, which only the replica knows that samples them. Internal: who
 * may see what is decided by the caller. Thread-safe.
 */
@Path("/internal/usage")
@Produces(MediaType.APPLICATION_JSON)
public interface UsageApi {
    /** The most of the greediest in an answer. */
    int TOP_MAX = 100;

    /** The most workloads in one question for what they use now. */
    int WORKLOADS_MAX = 500;

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
}
