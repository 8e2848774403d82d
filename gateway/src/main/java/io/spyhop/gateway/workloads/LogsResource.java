package io.spyhop.gateway.workloads;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.LogsApi;
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
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Stored lines of a workload. The rows of the store are put into the answer as they are. */
@Path("/api/v1/workloads/{id}/logs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Logs")
public class LogsResource {
    private static final int LIMIT = 100;

    private static final byte[] BEGIN = "{\"items\":[".getBytes(StandardCharsets.US_ASCII);

    private final Services services;

    @Inject
    LogsResource(Services services) {
        this.services = services;
    }

    /** The newest lines, or those after a number. */
    @GET
    @Operation(
            summary = "Read lines",
            description = "The newest `tail` (or `limit`) lines, oldest first; with `since` the lines after that"
                    + " number. `through` is where to go on from.")
    @Parameter(
            name = "tail",
            in = ParameterIn.QUERY,
            description = "How many of the newest lines, 1 to 5000",
            schema = @Schema(type = SchemaType.INTEGER))
    @Parameter(
            name = "since",
            in = ParameterIn.QUERY,
            description = "Lines with a higher number than this",
            schema = @Schema(type = SchemaType.INTEGER, format = "int64"))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            description = "1 to 5000, 100 if missing",
            schema = @Schema(type = SchemaType.INTEGER))
    @APIResponse(
            responseCode = "200",
            description = "Lines, oldest first",
            content = @Content(schema = @Schema(ref = "LinePage")))
    public byte[] read(@Context RoutingContext context, @PathParam("id") String id) {
        Parameters parameters = Parameters.of(context, "tail", "since", "limit");
        OptionalInt tail = parameters.number("tail", 1, LogsApi.PAGE_LINES_MAX);
        OptionalLong since = parameters.lineNumber("since");
        OptionalInt limit = parameters.number("limit", 1, LogsApi.PAGE_LINES_MAX);
        if (tail.isPresent() && since.isPresent()) {
            throw SpyhopException.parameter("tail", "not together with since");
        }
        WorkloadId workload = Scope.workload(context).id();
        LogsApi logs = services.logs();
        if (since.isPresent()) {
            return spliced(logs.after(workload, since.getAsLong(), limit.orElse(LIMIT)));
        }
        int newest = tail.orElse(limit.orElse(LIMIT));
        return spliced(logs.tail(workload, Math.min(newest, limit.orElse(newest))));
    }

    /** The rows with commas between them: no line is parsed. */
    static byte[] spliced(LinesPage page) {
        byte[] rows = page.ndjson();
        byte[] end = ("],\"through\":" + page.through() + "}").getBytes(StandardCharsets.US_ASCII);
        int length = rows.length > 0 && rows[rows.length - 1] == '\n' ? rows.length - 1 : rows.length;
        byte[] body = new byte[BEGIN.length + length + end.length];
        System.arraycopy(BEGIN, 0, body, 0, BEGIN.length);
        for (int i = 0; i < length; i++) {
            body[BEGIN.length + i] = rows[i] == '\n' ? (byte) ',' : rows[i];
        }
        System.arraycopy(end, 0, body, BEGIN.length + length, end.length);
        return body;
    }
}
