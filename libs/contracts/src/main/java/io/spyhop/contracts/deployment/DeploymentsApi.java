package io.spyhop.contracts.deployment;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.internal.Idempotent;
import io.spyhop.contracts.workload.Workload;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/**
 * What the gateway tells health-crash-service to do. Each answers when it is written down that it is to be done; doing it
 * goes on afterwards, whatever happens to Spyhop. Internal: who may ask is decided by the caller. Thread-safe.
 */
@Path("/internal/deployments")
@Produces(MediaType.APPLICATION_JSON)
public interface DeploymentsApi {
    /**
     * Runs an image as a new deployment, or again as one that was removed or failed.
     *
     * @throws io.spyhop.contracts.problem.SpyhopException {@code STATE_CONFLICT} when its name is in use, {@code
     *     BODY_INVALID} when there is no such host
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    Workload create(DeploymentSpec spec);

    /**
     * Stops a workload; removes its containers where Spyhop made them.
     *
     * @throws io.spyhop.contracts.problem.SpyhopException {@code STATE_CONFLICT} when there is nothing to stop
     */
    @POST
    @Idempotent
    @Path("/{id}/stop")
    Workload stop(@PathParam("id") WorkloadId id);

    /**
     * Stops the containers of a workload and starts them again.
     *
     * @throws io.spyhop.contracts.problem.SpyhopException {@code STATE_CONFLICT} when it has none, or is being made or
     *     stopped
     */
    @POST
    @Idempotent
    @Path("/{id}/restart")
    Workload restart(@PathParam("id") WorkloadId id);
}
