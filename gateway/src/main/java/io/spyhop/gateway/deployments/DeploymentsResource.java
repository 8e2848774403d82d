package io.spyhop.gateway.deployments;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.deployment.DeploymentSpec;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.gateway.request.JsonBody;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Role;
import io.spyhop.gateway.scope.Scope;
import io.spyhop.gateway.services.Services;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Has images run as deployments, and has workloads stopped and started again. */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Deployments")
public class DeploymentsResource {
    private static final int ACCEPTED = 202;
    private static final String STOPS =
            "Asks its programs to end, ends those that have not after ten seconds (label `spyhop.stop.timeout`), and removes"
                    + " the containers that Spyhop made, with what led to them; others are kept. Its lines, figures and"
                    + " history stay. Each step is told by a system line `[STOP] …`. Needs the role operator.";

    private final Services services;

    @Inject
    DeploymentsResource(Services services) {
        this.services = services;
    }

    /** Runs an image. */
    @POST
    @Path("/deployments")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Run an image as a deployment",
            description =
                    "Answers at once; `status` and `statusReason` tell how it goes on. The name of a deployment that"
                            + " was removed or has failed may be used again. Needs the role operator.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = DeploymentRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "The deployment, which is being made",
            content = @Content(schema = @Schema(implementation = Workload.class)))
    public Response create(@Context RoutingContext context, InputStream body) {
        Caller caller = Scope.caller(context);
        caller.require(Role.OPERATOR);
        Parameters.of(context);
        DeploymentRequest request = JsonBody.read(body, DeploymentRequest.class);
        DeploymentSpec spec = request.spec(DeploymentRequest.orgOf(caller.orgList()));
        if (!caller.sees(spec.org())) {
            throw new SpyhopException(
                    ErrorCode.ROLE_MISSING, "the token is for other orgs than that of the deployment");
        }
        Workload made = services.deployments().create(spec);
        return Response.created(URI.create("/api/deployments/" + made.id()))
                .entity(made)
                .build();
    }

    /** Stops a workload. */
    @POST
    @Path("/v1/workloads/{id}/stop")
    @Operation(summary = "Stop a workload", description = STOPS)
    @APIResponse(
            responseCode = "202",
            description = "The workload, which is being stopped",
            content = @Content(schema = @Schema(implementation = Workload.class)))
    public Response stop(@Context RoutingContext context, @PathParam("id") String id) {
        return accepted(services.deployments().stop(operated(context)));
    }

    /** Stops a workload. */
    @DELETE
    @Path("/v1/workloads/{id}")
    @Operation(summary = "Stop a workload for good", description = "The same as to stop it. " + STOPS)
    @APIResponse(
            responseCode = "202",
            description = "The workload, which is being stopped",
            content = @Content(schema = @Schema(implementation = Workload.class)))
    public Response delete(@Context RoutingContext context, @PathParam("id") String id) {
        return accepted(services.deployments().stop(operated(context)));
    }

    /** Starts a workload again. */
    @POST
    @Path("/v1/workloads/{id}/restart")
    @Operation(
            summary = "Restart a workload",
            description =
                    "Stops its programs as a stop does, and starts its containers again. Needs the role operator.")
    @APIResponse(
            responseCode = "202",
            description = "The workload, which is being restarted",
            content = @Content(schema = @Schema(implementation = Workload.class)))
    public Response restart(@Context RoutingContext context, @PathParam("id") String id) {
        return accepted(services.deployments().restart(operated(context)));
    }

    private static WorkloadId operated(RoutingContext context) {
        Scope.caller(context).require(Role.OPERATOR);
        Parameters.of(context);
        return Scope.id(context);
    }

    private static Response accepted(Workload workload) {
        return Response.status(ACCEPTED).entity(workload).build();
    }
}
