package io.spyhop.gateway.jobs;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.job.RunPage;
import io.spyhop.gateway.scope.Scope;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The runs of all jobs of a workload. */
@Path("/api/v1/workloads/{id}/runs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Jobs")
public class AllRunsResource {
    private final RunHistory history;

    @Inject
    AllRunsResource(RunHistory history) {
        this.history = history;
    }

    /** Lists them. */
    @GET
    @Operation(
            summary = "List the runs of all jobs",
            description = "Newest first; of jobs that were removed too." + RunHistory.SEARCH)
    @APIResponse(
            responseCode = "200",
            description = "A page of runs",
            content = @Content(schema = @Schema(implementation = RunPage.class)))
    public RunPage list(@Context RoutingContext context, @PathParam("id") String id) {
        return history.page(RunsRequest.of(context, Scope.id(context), null));
    }
}
