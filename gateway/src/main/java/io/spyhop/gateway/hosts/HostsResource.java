package io.spyhop.gateway.hosts;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.host.HostList;
import io.spyhop.contracts.log.CaptureWays;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Scope;
import io.spyhop.gateway.services.Services;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * Lists hosts. They are the installation's and their endpoints tell where it runs, so a token that is limited to some orgs
 * may not see them: it is told so, for that there are hosts is no secret.
 */
@Path("/api/v1/hosts")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Hosts")
public class HostsResource {
    private final Services services;

    @Inject
    HostsResource(Services services) {
        this.services = services;
    }

    /** Lists every configured host. */
    @GET
    @Operation(
            summary = "List hosts",
            description = "Every configured engine, by name. `away` is one that does not answer; its containers are as"
                    + " they were last seen. `capture` counts the containers whose log is being read, from the engine's"
                    + " files and through its API; it is left out while log-service is away. Needs a token that is not"
                    + " limited to some orgs.")
    @APIResponse(
            responseCode = "200",
            description = "The hosts",
            content = @Content(schema = @Schema(implementation = HostList.class)))
    public HostList list(@Context RoutingContext context) {
        Scope.caller(context).requireEveryOrg();
        Parameters.of(context);
        HostList hosts = services.hosts().list();
        Map<String, CaptureWays> ways;
        try {
            ways = services.capture().ways();
        } catch (SpyhopException e) {
            if (e.code() != ErrorCode.DEPENDENCY_AWAY) {
                throw e;
            }
            return hosts;
        }
        return new HostList(hosts.items().stream()
                .map(host -> host.with(ways.getOrDefault(host.name(), CaptureWays.NONE)))
                .toList());
    }
}
