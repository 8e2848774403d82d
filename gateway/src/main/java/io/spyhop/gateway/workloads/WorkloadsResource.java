package io.spyhop.gateway.workloads;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.contracts.workload.WorkloadPage;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.scope.Scope;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Lists of workloads, and one of them. */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Workloads")
public class WorkloadsResource {
    private static final int LIMIT = 100;
    private static final int LIMIT_MAX = 1000;

    private final VisibleWorkloads visible;

    @Inject
    WorkloadsResource(VisibleWorkloads visible) {
        this.visible = visible;
    }

    /** Lists the workloads that the token may see. */
    @GET
    @Path("/v1/workloads")
    @Operation(
            summary = "List workloads",
            description = "By id. Only those of the token's orgs; job runs only if asked for by kind.")
    @Parameter(
            name = "org",
            in = ParameterIn.QUERY,
            description = "Only of this org",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "kind",
            in = ParameterIn.QUERY,
            description = "Only of this kind",
            schema = @Schema(implementation = Kind.class))
    @Parameter(
            name = "status",
            in = ParameterIn.QUERY,
            description = "Only in this status",
            schema = @Schema(implementation = InstanceStatus.class))
    @Parameter(
            name = "q",
            in = ParameterIn.QUERY,
            description = "Only those whose id, name or image contains this, any case",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            description = "1 to 1000, 100 if missing",
            schema = @Schema(type = SchemaType.INTEGER))
    @Parameter(
            name = "cursor",
            in = ParameterIn.QUERY,
            description = "`next` of the page before",
            schema = @Schema(type = SchemaType.STRING))
    @APIResponse(
            responseCode = "200",
            description = "A page of workloads",
            content = @Content(schema = @Schema(implementation = WorkloadPage.class)))
    public WorkloadPage list(@Context RoutingContext context) {
        Parameters parameters = Parameters.of(context, "org", "kind", "status", "q", "limit", "cursor");
        return list(context, parameters, parameters.name("kind", Kind::of));
    }

    /** Lists the deployments that the token may see. */
    @GET
    @Path("/deployments")
    @Operation(summary = "List deployments", description = "As the list of workloads, of kind deployment only.")
    @Parameter(
            name = "org",
            in = ParameterIn.QUERY,
            description = "Only of this org",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "status",
            in = ParameterIn.QUERY,
            description = "Only in this status",
            schema = @Schema(implementation = InstanceStatus.class))
    @Parameter(
            name = "q",
            in = ParameterIn.QUERY,
            description = "Only those whose id, name or image contains this, any case",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            description = "1 to 1000, 100 if missing",
            schema = @Schema(type = SchemaType.INTEGER))
    @Parameter(
            name = "cursor",
            in = ParameterIn.QUERY,
            description = "`next` of the page before",
            schema = @Schema(type = SchemaType.STRING))
    @APIResponse(
            responseCode = "200",
            description = "A page of deployments",
            content = @Content(schema = @Schema(implementation = WorkloadPage.class)))
    public WorkloadPage deployments(@Context RoutingContext context) {
        Parameters parameters = Parameters.of(context, "org", "status", "q", "limit", "cursor");
        return list(context, parameters, Optional.of(Kind.DEPLOYMENT));
    }

    /** Shows one workload. */
    @GET
    @Path("/v1/workloads/{id}")
    @Operation(summary = "Show a workload", description = "With its instances of the newest generation.")
    @APIResponse(
            responseCode = "200",
            description = "The workload",
            content = @Content(schema = @Schema(implementation = Workload.class)))
    public Workload show(@Context RoutingContext context, @PathParam("id") String id) {
        Parameters.of(context);
        return Scope.workload(context);
    }

    private WorkloadPage list(RoutingContext context, Parameters parameters, Optional<Kind> kind) {
        Caller caller = Scope.caller(context);
        Optional<String> org = parameters.text("org");
        Optional<InstanceStatus> status = parameters.name("status", InstanceStatus::of);
        Optional<String> text = parameters.text("q");
        int limit = parameters.number("limit", 1, LIMIT_MAX).orElse(LIMIT);
        Optional<String> cursor = parameters.text("cursor");
        return visible.page(
                caller,
                org.orElse(null),
                kind.orElse(null),
                status.orElse(null),
                text.orElse(null),
                limit,
                cursor.orElse(null));
    }
}
