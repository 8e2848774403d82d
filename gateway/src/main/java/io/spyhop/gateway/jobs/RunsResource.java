package io.spyhop.gateway.jobs;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunPage;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Role;
import io.spyhop.gateway.scope.Scope;
import io.spyhop.gateway.services.Services;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The runs of a job. What they wrote is below {@code …/runs/{run}/logs}, as the lines of any workload are. */
@Path("/api/v1/workloads/{id}/jobs/{job}/runs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Jobs")
public class RunsResource {
    private static final int ACCEPTED = 202;

    private final Services services;
    private final RunHistory history;

    @Inject
    RunsResource(Services services, RunHistory history) {
        this.services = services;
        this.history = history;
    }

    /** Lists them. */
    @GET
    @Operation(
            summary = "List the runs of a job",
            description = "Newest first; of a job that was removed too." + RunHistory.SEARCH)
    @APIResponse(
            responseCode = "200",
            description = "A page of runs",
            content = @Content(schema = @Schema(implementation = RunPage.class)))
    public RunPage list(@Context RoutingContext context, @PathParam("id") String id, @PathParam("job") String job) {
        return history.page(RunsRequest.of(context, Scope.id(context), JobPaths.job(job)));
    }

    /** Shows one. */
    @GET
    @Path("/{run}")
    @Operation(
            summary = "Show a run",
            description =
                    "With the job, the image and the parameters as they were; of its environment the names alone.")
    @APIResponse(
            responseCode = "200",
            description = "The run",
            content = @Content(schema = @Schema(implementation = RunAnswer.class)))
    public RunAnswer show(
            @Context RoutingContext context,
            @PathParam("id") String id,
            @PathParam("job") String job,
            @PathParam("run") String run) {
        Parameters.of(context);
        return RunAnswer.of(services.jobs().findRun(Scope.id(context), JobPaths.job(job), JobPaths.run(run)));
    }

    /** Ends one. */
    @POST
    @Path("/{run}/cancel")
    @Operation(
            summary = "Cancel a run",
            description =
                    "Asks its program to end, and ends it ten seconds later, as a stop does. Needs the role operator.")
    @APIResponse(
            responseCode = "202",
            description = "The run, which is being ended",
            content = @Content(schema = @Schema(implementation = Run.class)))
    public Response cancel(
            @Context RoutingContext context,
            @PathParam("id") String id,
            @PathParam("job") String job,
            @PathParam("run") String run) {
        Scope.caller(context).require(Role.OPERATOR);
        Parameters.of(context);
        Run ending = services.jobs().cancel(Scope.id(context), JobPaths.job(job), JobPaths.run(run));
        return Response.status(ACCEPTED).entity(ending).build();
    }
}
