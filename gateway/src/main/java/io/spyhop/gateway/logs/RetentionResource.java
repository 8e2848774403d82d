package io.spyhop.gateway.logs;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.log.LogRetention;
import io.spyhop.contracts.log.RetentionChange;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.JsonBody;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Role;
import io.spyhop.gateway.scope.Scope;
import io.spyhop.gateway.services.Services;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** How long a workload's lines are kept. */
@Path("/api/v1/workloads/{id}/logs/retention")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Logs")
public class RetentionResource {
    private static final Pattern AGE = Pattern.compile("forever|[1-9][0-9]{0,5}[smhd]");

    private final Services services;

    @Inject
    RetentionResource(Services services) {
        this.services = services;
    }

    /** What is to be kept; what is missing falls back to the container's labels, then to the settings. */
    @Schema(name = "LogRetentionRequest")
    record RetentionRequest(
            @Nullable @Schema(description = "Age at which output is removed, such as 36h or 14d, or forever")
            String output,

            @Nullable @Schema(description = "The same for system lines")
            String system,

            @Nullable @Schema(description = "The most stored (compressed) bytes; the oldest output goes first")
            Long maxBytes) {}

    /** Shows it. */
    @GET
    @Operation(
            summary = "Show how long lines are kept",
            description = "With where that comes from (`api`, `label` or `default`), and what is stored.")
    @APIResponse(
            responseCode = "200",
            description = "Ages, budget, and what is stored",
            content = @Content(schema = @Schema(implementation = LogRetention.class)))
    public LogRetention show(@Context RoutingContext context, @PathParam("id") String id) {
        Parameters.of(context);
        return services.logs().retention(Scope.id(context));
    }

    /** Sets it. */
    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Set how long lines are kept",
            description = "It takes effect within the hour. Needs the role operator.")
    @RequestBody(content = @Content(schema = @Schema(implementation = RetentionRequest.class)))
    @APIResponse(
            responseCode = "200",
            description = "As it is now",
            content = @Content(schema = @Schema(implementation = LogRetention.class)))
    public LogRetention set(@Context RoutingContext context, @PathParam("id") String id, InputStream body) {
        Scope.caller(context).require(Role.OPERATOR);
        Parameters.of(context);
        RetentionRequest request = JsonBody.read(body, RetentionRequest.class);
        checkAge("output", request.output());
        checkAge("system", request.system());
        if (request.maxBytes() != null && request.maxBytes() < 1) {
            throw JsonBody.field("maxBytes", "a whole number from 1");
        }
        return services.logs()
                .setRetention(
                        Scope.id(context), new RetentionChange(request.output(), request.system(), request.maxBytes()));
    }

    private static void checkAge(String field, @Nullable String age) throws SpyhopException {
        if (age != null && !AGE.matcher(age).matches()) {
            throw JsonBody.field(field, "an age such as 36h or 14d, or forever");
        }
    }
}
