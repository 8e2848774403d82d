package io.spyhop.gateway.crashes;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.crash.CrashPage;
import io.spyhop.contracts.crash.CrashReport;
import io.spyhop.contracts.crash.CrashesApi;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** How a workload crashed. */
@Path("/api/v1/workloads/{id}/crashes")
@RunOnVirtualThread
@Tag(name = "Crashes")
public class CrashesResource {
    private static final String ZIP = "application/zip";

    /** What every list takes; more than are kept. */
    private static final int LIMIT_MAX = 1000;

    private final Services services;

    @Inject
    CrashesResource(Services services) {
        this.services = services;
    }

    /** Lists crashes, newest first. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "List crashes",
            description =
                    "Newest first, at most 100 in a page; the reports of the newest 100 are kept. `group` counts equal crashes,"
                            + " also those whose reports are gone: of the same exit code and the same last error but for numbers,"
                            + " times, paths and the like. It, `error` and `complete` come a moment after the crash, when its last"
                            + " lines are stored.")
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            description = "1 to 1000 crashes, 100 if missing",
            schema = @Schema(type = SchemaType.INTEGER))
    @Parameter(
            name = "cursor",
            in = ParameterIn.QUERY,
            description = "`next` of the page before",
            schema = @Schema(type = SchemaType.STRING))
    @APIResponse(
            responseCode = "200",
            description = "The crashes",
            content = @Content(schema = @Schema(implementation = CrashPage.class)))
    public CrashPage list(@Context RoutingContext context, @PathParam("id") String id) {
        Parameters parameters = Parameters.of(context, "limit", "cursor");
        int limit = parameters.number("limit", 1, LIMIT_MAX).orElse(CrashesApi.PAGE_MAX);
        WorkloadId workload = Scope.id(context);
        return services.crashes()
                .list(
                        workload,
                        Math.min(limit, CrashesApi.PAGE_MAX),
                        parameters.text("cursor").orElse(null));
    }

    /** Shows a crash. */
    @GET
    @Path("/{n}")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Show a crash",
            description =
                    "Everything that is known of it: the last 100 lines of the life, what was used in its last minutes, what"
                            + " each witness says of a want of memory. Of the environment only the names are kept.")
    @APIResponse(
            responseCode = "200",
            description = "The crash",
            content = @Content(schema = @Schema(implementation = CrashDetails.class)))
    public Object show(
            @Context RoutingContext context,
            @PathParam("id") String id,
            @Parameter(schema = @Schema(type = SchemaType.INTEGER)) @PathParam("n") String n) {
        Parameters.of(context);
        return CrashDetails.of(report(context, n));
    }

    /** Packs a crash. */
    @GET
    @Path("/{n}/bundle")
    @Produces(ZIP)
    @Operation(
            summary = "Download a crash",
            description =
                    "A zip file with `report.json` and, once they have come, `lines.ndjson`, `lines.txt` and `usage.csv`.")
    @APIResponse(
            responseCode = "200",
            description = "The file",
            content = @Content(mediaType = ZIP, schema = @Schema(type = SchemaType.STRING, format = "binary")))
    public Response bundle(
            @Context RoutingContext context,
            @PathParam("id") String id,
            @Parameter(schema = @Schema(type = SchemaType.INTEGER)) @PathParam("n") String n) {
        Parameters.of(context);
        Bundle bundle = new Bundle(report(context, n));
        StreamingOutput body = bundle::write;
        return Response.ok(body, ZIP)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + bundle.fileName() + "\"")
                .build();
    }

    private CrashReport report(RoutingContext context, String n) {
        if (!n.matches("[1-9][0-9]{0,8}")) {
            throw new SpyhopException(ErrorCode.CRASH_UNKNOWN, "crashes are numbered from 1");
        }
        return services.crashes().find(Scope.id(context), Integer.parseInt(n));
    }
}
