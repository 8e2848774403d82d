package io.spyhop.gateway.logs;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LinesDeletion;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.LineParameters;
import io.spyhop.gateway.request.LineParameters.Bound;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Role;
import io.spyhop.gateway.scope.Scope;
import io.spyhop.gateway.services.Services;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Stored lines of a workload: to read and to delete. */
@Path("/api/v1/workloads/{id}/logs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Logs")
public class LogsResource {
    private final Services services;

    @Inject
    LogsResource(Services services) {
        this.services = services;
    }

    /** How many lines were deleted. */
    @Schema(name = "LinesDeleted")
    record Deleted(long deleted) {}

    /** A page of lines. Its parameters are described where those of streams and downloads are. */
    @GET
    @Operation(
            summary = "Read lines",
            description =
                    "The newest `tail` (or `limit`) lines, oldest first; with `since` the lines from there on. With"
                            + " `order=newest` the newest come first, and `until=<through>` is the next page. Filters apply before"
                            + " `tail` and `limit`. `through` is the highest number that was examined (the lowest with"
                            + " `order=newest`), and `more` says whether the range goes on there: after 5 s a page may have fewer"
                            + " lines than wanted.")
    @APIResponse(responseCode = "200", description = "Lines", content = @Content(schema = @Schema(ref = "LinePage")))
    public byte[] read(@Context RoutingContext context, @PathParam("id") String id) {
        PageRequest request = PageRequest.of(context);
        LinesPage page = LinePages.page(services.logs(), Scope.id(context), request);
        LinesPage shown = new LinesPage(
                request.view().shown(page.ndjson()), page.count(), page.through(), page.more(), page.matched());
        return LinesAnswer.of(shown, request.order() == PageRequest.Order.NEWEST, request.context() > 0);
    }

    /** Deletes lines at once. */
    @DELETE
    @Operation(
            summary = "Delete lines",
            description =
                    "For ever. Numbers go on from where they are. Needs the role admin. Millions of lines take some"
                            + " seconds; where it ends with a problem, lines may be gone, and it can be repeated.")
    @Parameter(
            name = "until",
            in = ParameterIn.QUERY,
            required = true,
            description =
                    "Lines with a lower number than this, or before this time: a whole number, a time, or how long"
                            + " ago such as `7d`",
            schema = @Schema(type = SchemaType.STRING))
    @APIResponse(
            responseCode = "200",
            description = "They are gone",
            content = @Content(schema = @Schema(implementation = Deleted.class)))
    public Deleted delete(@Context RoutingContext context, @PathParam("id") String id) {
        Scope.caller(context).require(Role.ADMIN);
        Parameters parameters = Parameters.of(context, "until");
        Bound until = LineParameters.bound(parameters, "until", Instant.now())
                .orElseThrow(
                        () -> SpyhopException.parameter("until", "a line's number, a time, or a duration such as 7d"));
        WorkloadId workload = Scope.id(context);
        // What is written meanwhile stays: a quick writer must not keep a deletion from ending.
        long end = LinePages.last(services.logs(), workload) + 1;
        return new Deleted(
                switch (until) {
                    case Bound.Line line -> delete(workload, Math.min(line.lineNo(), end), Long.MAX_VALUE);
                    case Bound.Time time -> delete(workload, end, time.nanos());
                });
    }

    /** The store deletes a part with each call, however much it is in all. */
    private long delete(WorkloadId workload, long before, long beforeNanos) {
        long deleted = 0;
        LinesDeletion part;
        do {
            part = services.logs().delete(workload, before, beforeNanos);
            deleted += part.lines();
        } while (part.more());
        return deleted;
    }
}
