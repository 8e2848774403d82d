package io.spyhop.gateway.ports;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.JsonBody;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Role;
import io.spyhop.gateway.scope.Scope;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Who may open a workload's port. */
@Path("/api/v1/workloads/{id}/ports/{port}/visibility")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Ports")
public class PortVisibilityResource {
    private static final int PORT_MAX = 65_535;

    private final PortVisibility visibility;

    @Inject
    PortVisibilityResource(PortVisibility visibility) {
        this.visibility = visibility;
    }

    /** Who may open a port. */
    @Schema(name = "PortVisibilityRequest")
    record VisibilityRequest(
            @Nullable @Schema(description = "`private` or `public`")
            String visibility) {}

    /** A port, and who may open it. */
    @Schema(name = "PortVisibility")
    record Visibility(int port, String visibility) {}

    /** Opens a port to everybody, or closes it. */
    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Set who may open a port",
            description =
                    "`public`: everybody who reaches Spyhop, without signing in; `private`: whoever may see the workload."
                            + " It counts for that port of all its instances, whatever their label"
                            + " `spyhop.ports.visibility` says, and takes effect within seconds. Needs the role operator.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = VisibilityRequest.class)))
    @APIResponse(
            responseCode = "200",
            description = "As it is set now",
            content = @Content(schema = @Schema(implementation = Visibility.class)))
    public Visibility set(
            @Context RoutingContext context,
            @PathParam("id") String id,
            @PathParam("port") String port,
            InputStream body) {
        Scope.caller(context).require(Role.OPERATOR);
        Parameters.of(context);
        int number = number(port);
        String wanted = JsonBody.read(body, VisibilityRequest.class).visibility();
        if (wanted == null || (!PortVisibility.PUBLIC.equals(wanted) && !PortVisibility.PRIVATE.equals(wanted))) {
            throw JsonBody.field("visibility", "private or public");
        }
        visibility.set(Scope.id(context), number, wanted);
        return new Visibility(number, wanted);
    }

    private static int number(String port) {
        if (port.matches("[1-9][0-9]{0,4}") && Integer.parseInt(port) <= PORT_MAX) {
            return Integer.parseInt(port);
        }
        throw new SpyhopException(ErrorCode.NOT_FOUND, "ports are numbers from 1 to " + PORT_MAX);
    }
}
