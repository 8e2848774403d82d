package io.spyhop.contracts.workload;

import io.spyhop.contracts.WorkloadId;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway asks health-crash-service: the catalogue of all workloads that ever were. Internal: who may see what
 * is decided by the caller, which names the orgs. Thread-safe.
 */
@Path("/internal/workloads")
@Produces(MediaType.APPLICATION_JSON)
public interface WorkloadsApi {
    /**
     * Workloads by id, a page at a time.
     *
     * @param orgs only those of these orgs; empty for all
     * @param kind null for all but job runs
     * @param status null for all
     * @param text null for all, else what id, name or image contains, any case
     * @param limit 1 to 1000
     * @param cursor where the last page ended, null for the first
     */
    @GET
    WorkloadPage list(
            @QueryParam("org") List<String> orgs,
            @QueryParam("kind") @Nullable Kind kind,
            @QueryParam("status") @Nullable InstanceStatus status,
            @QueryParam("q") @Nullable String text,
            @QueryParam("limit") int limit,
            @QueryParam("cursor") @Nullable String cursor);

    /**
     * One workload.
     *
     * @throws io.spyhop.contracts.problem.SpyhopException {@code WORKLOAD_UNKNOWN} when it never was
     */
    @GET
    @Path("/{id}")
    Workload find(@PathParam("id") WorkloadId id);

    /**
     * The workload of an address; every name given must match, and {@code app} and {@code deployment} alone also match
     * an id of that kind. The newest wins where several match.
     *
     * @param orgs only those of these orgs; empty for all
     * @throws io.spyhop.contracts.problem.SpyhopException {@code WORKLOAD_UNKNOWN} when none matches
     */
    @GET
    @Path("/by-address")
    Workload resolve(
            @QueryParam("org") List<String> orgs,
            @QueryParam("kind") Kind kind,
            @QueryParam("project") @Nullable String project,
            @QueryParam("deployment") @Nullable String deployment,
            @QueryParam("service") @Nullable String service,
            @QueryParam("worker") @Nullable String worker,
            @QueryParam("app") @Nullable String app);
}
