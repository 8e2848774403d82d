package io.spyhop.gateway.health;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.health.HealthApi;
import io.spyhop.contracts.health.HealthSettings;
import io.spyhop.contracts.health.WorkloadHealth;
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
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** A workload's health, and how it is asked for it. */
@Path("/api/v1/workloads/{id}/health")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Health")
public class HealthResource {
    /** About what fits on a page. */
    private static final int LIMIT = 50;

    private static final int PORT_MAX = 65_535;
    private static final int INTERVAL_SECONDS_MAX = 3600;
    private static final int TIMEOUT_MS_MIN = 100;
    private static final int TIMEOUT_MS_MAX = 30_000;
    private static final int THRESHOLD_MAX = 100;

    /** What can stand in a request as it is. */
    private static final Pattern PATH = Pattern.compile("/[!-~]{0,999}");

    private final Services services;

    @Inject
    HealthResource(Services services) {
        this.services = services;
    }

    /** How to ask; what is missing falls back to the containers' labels, then to the settings. */
    @Schema(name = "HealthSettingsRequest")
    record SettingsRequest(
            @Nullable @Schema(description = "False for never")
            Boolean enabled,

            @Nullable
            @Schema(
                    description = "The port that answers inside the container; one that it declares if missing",
                    minimum = "1",
                    maximum = "65535")
            Integer port,

            @Nullable
            @Schema(description = "What is asked for, with a query, if any", examples = "/health", maxLength = 1000)
            String path,

            @Nullable @Schema(description = "From one request to the next", minimum = "1", maximum = "3600")
            Integer intervalSeconds,

            @Nullable @Schema(description = "For the whole of an answer", minimum = "100", maximum = "30000")
            Integer timeoutMs,

            @Nullable
            @Schema(description = "Failures in a row that make an instance unhealthy", minimum = "1", maximum = "100")
            Integer threshold) {}

    /** Shows it. */
    @GET
    @Operation(
            summary = "Show a workload's health",
            description =
                    "Its status, failures in a row, and the last probes and transitions, newest first: those of its"
                            + " worst instance, and under `instances` of each where there are several. `way` tells how the"
                            + " last probe went: `namespace` (from inside the container's network namespace), `address`,"
                            + " `exec` (by a program of its own) or `engine` (the image's own health check). `check` tells"
                            + " how it is asked, and `settings` what was set here.")
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            description = "1 to 1000 probes and transitions of each instance, 50 if missing",
            schema = @Schema(type = SchemaType.INTEGER))
    @APIResponse(
            responseCode = "200",
            description = "Status, probes and transitions",
            content = @Content(schema = @Schema(implementation = WorkloadHealth.class)))
    public WorkloadHealth show(@Context RoutingContext context, @PathParam("id") String id) {
        Parameters parameters = Parameters.of(context, "limit");
        int limit = parameters.number("limit", 1, HealthApi.PROBES_MAX).orElse(LIMIT);
        return services.health().health(Scope.id(context), limit);
    }

    /** Sets how it is asked. */
    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Set how a workload is asked for its health",
            description =
                    "All of it: what is missing falls back to the containers' labels `spyhop.health.*`, then to the"
                            + " settings. Something that is set makes that the workload is asked, where a port is known."
                            + " It takes effect within some seconds. Needs the role operator.")
    @RequestBody(content = @Content(schema = @Schema(implementation = SettingsRequest.class)))
    @APIResponse(
            responseCode = "200",
            description = "As it is set now",
            content = @Content(schema = @Schema(implementation = HealthSettings.class)))
    public HealthSettings set(@Context RoutingContext context, @PathParam("id") String id, InputStream body) {
        Scope.caller(context).require(Role.OPERATOR);
        Parameters.of(context);
        SettingsRequest request = JsonBody.read(body, SettingsRequest.class);
        within("port", request.port(), 1, PORT_MAX);
        within("intervalSeconds", request.intervalSeconds(), 1, INTERVAL_SECONDS_MAX);
        within("timeoutMs", request.timeoutMs(), TIMEOUT_MS_MIN, TIMEOUT_MS_MAX);
        within("threshold", request.threshold(), 1, THRESHOLD_MAX);
        if (request.path() != null && !PATH.matcher(request.path()).matches()) {
            throw JsonBody.field("path", "a path that begins with /, of at most 1000 printable ASCII characters");
        }
        return services.health()
                .set(
                        Scope.id(context),
                        new HealthSettings(
                                request.enabled(),
                                request.port(),
                                request.path(),
                                request.intervalSeconds(),
                                request.timeoutMs(),
                                request.threshold()));
    }

    private static void within(String field, @Nullable Integer value, int least, int most) {
        if (value != null && (value < least || value > most)) {
            throw JsonBody.field(field, "a whole number from " + least + " to " + most);
        }
    }
}
