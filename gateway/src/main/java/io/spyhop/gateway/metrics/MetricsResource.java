package io.spyhop.gateway.metrics;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.MetricsApi;
import io.spyhop.contracts.metric.SeriesAnswer;
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
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What a workload used. */
@Path("/api/v1/workloads/{id}/metrics")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Metrics")
public class MetricsResource {
    private static final String RAW = "raw";

    private final Services services;

    @Inject
    MetricsResource(Services services) {
        this.services = services;
    }

    /** Shows figures over time, or samples. */
    @GET
    @Operation(
            summary = "Show what a workload used",
            description =
                    "Figures of each instance in buckets, from the finest store that goes back so far. With `step=raw`"
                            + " samples as they were stored, oldest first, a page at a time.")
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
            description = "The length of a bucket, such as `5m`, or `raw`; about 300 buckets if missing",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            description = "With `step=raw` only: 1 to 5000 samples, 100 if missing",
            schema = @Schema(type = SchemaType.INTEGER))
    @Parameter(
            name = "cursor",
            in = ParameterIn.QUERY,
            description = "With `step=raw` only: `next` of the page before",
            schema = @Schema(type = SchemaType.STRING))
    @APIResponse(
            responseCode = "200",
            description = "Figures, or samples",
            content = @Content(schema = @Schema(oneOf = {Figures.class, Samples.class})))
    public Object show(@Context RoutingContext context, @PathParam("id") String id) {
        Parameters parameters = Parameters.of(context, Range.FROM, Range.TO, Range.STEP, "limit", "cursor");
        Range range = Range.of(parameters, Instant.now());
        OptionalInt limit = parameters.number("limit", 1, MetricsApi.SAMPLES_MAX);
        Optional<String> cursor = parameters.text("cursor");
        WorkloadId workload = Scope.id(context);
        if (parameters.text(Range.STEP).filter(RAW::equals).isPresent()) {
            return Samples.of(
                    workload,
                    services.metrics()
                            .samples(
                                    workload,
                                    range.from().toEpochMilli(),
                                    range.to().toEpochMilli(),
                                    limit.orElse(MetricsLimits.SAMPLES),
                                    cursor.orElse(null)));
        }
        for (String name : new String[] {"limit", "cursor"}) {
            if (parameters.has(name)) {
                throw SpyhopException.parameter(name, "only with step=raw");
            }
        }
        SeriesAnswer answer = services.metrics().series(workload, range.steps(parameters));
        return Figures.of(answer, answer.series());
    }
}
