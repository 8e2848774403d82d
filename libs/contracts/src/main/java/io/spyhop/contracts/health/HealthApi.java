package io.spyhop.contracts.health;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.internal.Idempotent;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

/**
 * What the gateway asks health-crash-service: how a workload answers when it is asked for its health, and how it is to be
 * asked. Internal: who may see what is decided by the caller. Thread-safe.
 */
@Path("/internal/health")
@Produces(MediaType.APPLICATION_JSON)
public interface HealthApi {
    /** The most probes of an answer, for each instance. */
    int PROBES_MAX = 1000;

    /**
     * How a workload is.
     *
     * @param limit of probes and of transitions, for each instance; 1 to {@link #PROBES_MAX}
     * @throws io.spyhop.contracts.problem.SpyhopException {@code WORKLOAD_UNKNOWN} when it never was
     */
    @GET
    @Path("/{id}")
    WorkloadHealth health(@PathParam("id") WorkloadId id, @QueryParam("limit") int limit);

    /**
     * Sets how a workload is asked, all of it: what is null falls back to its containers' labels, then to the settings.
     *
     * @return as it is now
     * @throws io.spyhop.contracts.problem.SpyhopException {@code WORKLOAD_UNKNOWN} when it never was
     */
    @PUT
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Idempotent
    HealthSettings set(@PathParam("id") WorkloadId id, HealthSettings settings);
}
