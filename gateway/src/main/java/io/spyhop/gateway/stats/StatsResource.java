package io.spyhop.gateway.stats;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.metric.InstanceUsage;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Scope;
import io.spyhop.gateway.services.Services;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Collection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What a workload uses now. */
@Path("/api/v1/workloads/{id}/stats")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Metrics")
public class StatsResource {
    private final Services services;

    @Inject
    StatsResource(Services services) {
        this.services = services;
    }

    /** Shows it. */
    @GET
    @Operation(
            summary = "Show what a workload uses now",
            description =
                    "Its instances, and all of them together: at most 2 s old. `cpuPct` is of one CPU, so that 100 is a"
                            + " whole core. `memLimitMb` of the whole is the most that the instances can use: their limits added up,"
                            + " or a host's memory, once, where one of them there has no limit (`memLimited` is false then). `way` tells"
                            + " how it was read: `kernel` or `api`. 503 with the code `nothing-runs` when nothing of the workload runs,"
                            + " with `dependency-away` and `Retry-After` when it runs and nobody can tell what it uses.")
    @APIResponse(
            responseCode = "200",
            description = "What it uses",
            content = @Content(schema = @Schema(implementation = Stats.class)))
    public Stats show(@Context RoutingContext context, @PathParam("id") String id) {
        Parameters.of(context);
        Workload workload = Scope.workload(context);
        if (!Stats.isOf(workload)) {
            throw new SpyhopException(ErrorCode.NOTHING_RUNS, "no instance of the workload runs");
        }
        Collection<InstanceUsage> usages =
                services.usage().usages(List.of(workload.id())).values();
        if (usages.isEmpty()) {
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "nobody measures the workload as yet");
        }
        return Stats.of(usages);
    }
}
