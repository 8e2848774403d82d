package io.spyhop.gateway.proxy;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.gateway.ports.PortUrls;
import io.spyhop.gateway.request.JsonBody;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Scope;
import io.spyhop.gateway.token.PortPasses;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The way from the dashboard to a port's host. */
@Path("/api/v1/port-passes")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Ports")
public class PortPassesResource {
    private final PortHosts hosts;
    private final PortPasses passes;
    private final PortUrls urls;

    @Inject
    PortPassesResource(PortHosts hosts, PortPasses passes, PortUrls urls) {
        this.hosts = hosts;
        this.passes = passes;
        this.urls = urls;
    }

    /** Where somebody wants to go. */
    @Schema(name = "PortPassRequest")
    record PassRequest(
            @Nullable @Schema(description = "The first label of the port's host", examples = "worker-0-web-3000")
            String name,

            @Nullable @Schema(description = "The path to open there, `/` if missing")
            String to) {}

    /** How they get there. */
    @Schema(name = "PortPass")
    record PassAnswer(String url, Instant expiresAt) {}

    /** Makes a way in. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Make a way into a private port",
            description =
                    "A URL that lets whoever opens it first, within a minute, into that port's host, as the token or session"
                            + " that asks, for twelve hours at most. The page at `/` does this for a browser that opens a"
                            + " private port; programs send their token to the port's host instead.")
    @RequestBody(required = true, content = @Content(schema = @Schema(implementation = PassRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "The URL",
            content = @Content(schema = @Schema(implementation = PassAnswer.class)))
    public Response make(@Context RoutingContext context, InputStream body) {
        Caller caller = Scope.caller(context);
        Parameters.of(context);
        PassRequest request = JsonBody.read(body, PassRequest.class);
        String name = request.name();
        if (name == null) {
            throw JsonBody.field("name", "the first label of a port's host");
        }
        String to = Objects.requireNonNullElse(request.to(), "/");
        if (!PortProxy.isPath(to)) {
            throw JsonBody.field("to", "a path of that host");
        }
        String org = switch (hosts.find(name)) {
            case PortHosts.Found.Present present -> present.instance().org();
            // Its page tells when it was last seen.
            case PortHosts.Found.Past past -> past.instance().org();
            case PortHosts.Found.Unknown _ -> throw PortPages.unknown();
        };
        if (!caller.sees(org)) {
            throw PortPages.unknown();
        }
        PortPasses.Code code = passes.code(caller, name);
        URI base = urls.base();
        String url = base.getScheme() + "://" + name + "." + base.getRawAuthority() + PortProxy.ENTER + "?code="
                + code.code() + "&to=" + URLEncoder.encode(to, StandardCharsets.UTF_8);
        return Response.status(Response.Status.CREATED)
                .entity(new PassAnswer(url, code.expiresAt()))
                .build();
    }
}
