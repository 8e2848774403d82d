package io.spyhop.gateway.ports;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.port.GonePort;
import io.spyhop.contracts.port.ListeningPort;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Scope;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The ports on which a workload's instances listen. */
@Path("/api/v1/workloads/{id}/ports")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Ports")
public class PortsResource {
    private static final String UNKNOWN = "unknown";

    private final PortsTable table;
    private final PortUrls urls;
    private final PortVisibility visibility;
    private final PortProtocols protocols;

    @Inject
    PortsResource(PortsTable table, PortUrls urls, PortVisibility visibility, PortProtocols protocols) {
        this.table = table;
        this.urls = urls;
        this.visibility = visibility;
        this.protocols = protocols;
    }

    /** A port of an instance. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Port")
    record Item(
            int port,

            @Schema(description = "`all`, `loopback`, or the one address that it listens on")
            String address,

            @Nullable @Schema(description = "The program's name, where it can be told")
            String process,

            @Nullable @Schema(description = "As the container numbers its processes")
            Long pid,

            @Schema(description = "`http` or `https`; `unknown` until somebody opened it through Spyhop")
            String protocol,

            int instance,
            Instant since,

            @Schema(description = "`private` or `public`") String visibility,

            @Schema(description = "Where a browser opens it")
            String url) {}

    /** How one container is looked at. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "PortsInstance")
    record Looked(
            int instance,
            String containerId,

            @Nullable
            @Schema(
                    description =
                            "How its ports are found: `namespace` (inside its network namespace), `ss` (by that program of"
                                    + " its own) or `proc` (its files in /proc); missing where no way leads there")
            String way,

            boolean hostNetwork,

            @Schema(description = "How many more ports it has than are listed")
            int omitted,

            @Schema(description = "Ports that it had, newest first")
            List<GonePort> gone) {}

    /** All of them. */
    @Schema(name = "Ports")
    record Answer(List<Item> items, List<Looked> instances) {}

    /** Lists them. */
    @GET
    @Operation(
            summary = "List a workload's listening ports",
            description =
                    "TCP ports, IPv4 and IPv6, on which processes of its instances listen, by instance and port. A port"
                            + " is listed within seconds, once it was seen twice, and until it was missed twice; a"
                            + " container's start and end count at once.")
    @APIResponse(
            responseCode = "200",
            description = "Its ports",
            content = @Content(schema = @Schema(implementation = Answer.class)))
    public Answer list(@Context RoutingContext context, @PathParam("id") String id) {
        Parameters.of(context);
        if (!table.loaded()) {
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "listening ports are not known yet");
        }
        List<Item> items = new ArrayList<>();
        List<Looked> instances = new ArrayList<>();
        for (ListeningPorts instance : table.of(Scope.id(context))) {
            instance.ports().forEach(port -> items.add(item(instance, port)));
            instances.add(new Looked(
                    instance.index(),
                    instance.containerId(),
                    instance.way(),
                    instance.hostNetwork(),
                    instance.omitted(),
                    instance.gone()));
        }
        return new Answer(items, instances);
    }

    private Item item(ListeningPorts instance, ListeningPort port) {
        return new Item(
                port.port(),
                port.address(),
                port.process(),
                port.pid(),
                Objects.requireNonNullElse(protocols.of(instance, port), UNKNOWN),
                instance.index(),
                port.since(),
                visibility.of(instance, port.port()),
                urls.url(instance.workload(), instance.index(), port.port()));
    }
}
