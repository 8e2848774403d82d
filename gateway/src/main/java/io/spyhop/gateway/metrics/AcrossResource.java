package io.spyhop.gateway.metrics;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.GroupBy;
import io.spyhop.contracts.metric.InstanceUsage;
import io.spyhop.contracts.metric.TopBy;
import io.spyhop.contracts.metric.Usage;
import io.spyhop.contracts.metric.UsageApi;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.gateway.request.Parameters;
import io.spyhop.gateway.scope.Scope;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Figures across workloads: of those that the token may see. */
@Path("/api/v1/metrics")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Metrics")
public class AcrossResource {
    private final VisibleMetrics visible;

    @Inject
    AcrossResource(VisibleMetrics visible) {
        this.visible = visible;
    }

    /** Who uses most. */
    @Schema(name = "TopUsage")
    record Top(List<Item> items) {
        /** Copies the items. */
        Top {
            items = List.copyOf(items);
        }

        /** One instance. */
        @Schema(name = "TopUsageItem")
        record Item(
                WorkloadId workload,
                String org,
                int index,
                String containerId,
                String containerName,
                String host,
                String way,
                @JsonUnwrapped Usage usage) {
            static Item of(InstanceUsage from) {
                return new Item(
                        from.workload(),
                        from.org(),
                        from.index(),
                        from.containerId(),
                        from.containerName(),
                        from.host(),
                        from.way(),
                        from.usage());
            }
        }
    }

    /** Shows the instances that use most. */
    @GET
    @Path("/top")
    @Operation(
            summary = "Show what uses most",
            description =
                    "Instances of the workloads that the token may see, the greediest first, as of their newest sample.")
    @Parameter(
            name = "by",
            in = ParameterIn.QUERY,
            description = "`cpu` if missing",
            schema = @Schema(implementation = TopBy.class))
    @Parameter(
            name = "org",
            in = ParameterIn.QUERY,
            description = "Only of this org",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            description = "1 to 100, 10 if missing",
            schema = @Schema(type = SchemaType.INTEGER))
    @APIResponse(
            responseCode = "200",
            description = "The greediest",
            content = @Content(schema = @Schema(implementation = Top.class)))
    public Top top(@Context RoutingContext context) {
        Parameters parameters = Parameters.of(context, "by", "org", "limit");
        TopBy by = parameters.name("by", TopBy::of).orElse(TopBy.CPU);
        int limit = parameters.number("limit", 1, UsageApi.TOP_MAX).orElse(MetricsLimits.TOP);
        return new Top(visible.top(Scope.caller(context), parameters.text("org"), by, limit).stream()
                .map(Top.Item::of)
                .toList());
    }

    /** Shows figures added up. */
    @GET
    @Path("/aggregate")
    @Operation(
            summary = "Show what workloads used together",
            description =
                    "Of those that the token may see, added up by org, project or host; `group` of a series names it. `cpuPctMin`"
                            + " and `cpuPctMax` are the sums of each one's least and most, and so with memory: what they used"
                            + " together was between.")
    @Parameter(
            name = "group",
            in = ParameterIn.QUERY,
            required = true,
            description = "What they are added up by",
            schema = @Schema(implementation = GroupBy.class))
    @Parameter(
            name = "org",
            in = ParameterIn.QUERY,
            description = "Only of this org",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "from",
            in = ParameterIn.QUERY,
            description =
                    "At or after this time, three days before `to` if missing: a time, or how long ago, such as `15m`",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "to",
            in = ParameterIn.QUERY,
            description = "Before this time, now if missing",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "step",
            in = ParameterIn.QUERY,
            description =
                    "The length of a bucket, such as `5m`; about 300 buckets if missing, or `1h` where many are added"
                            + " up over days",
            schema = @Schema(type = SchemaType.STRING))
    @APIResponse(
            responseCode = "200",
            description = "Figures",
            content = @Content(schema = @Schema(implementation = Figures.class)))
    public Figures aggregate(@Context RoutingContext context) {
        Parameters parameters = Parameters.of(context, "group", "org", Range.FROM, Range.TO, Range.STEP);
        GroupBy group = parameters
                .name("group", GroupBy::of)
                .orElseThrow(() -> SpyhopException.parameter("group", "org, project or host"));
        Range range = Range.of(parameters, Instant.now());
        return visible.aggregate(Scope.caller(context), parameters.text("org"), group, range.steps(parameters));
    }
}
