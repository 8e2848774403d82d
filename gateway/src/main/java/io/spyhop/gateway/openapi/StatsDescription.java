package io.spyhop.gateway.openapi;

import static io.spyhop.gateway.openapi.ApiDescription.path;
import static io.spyhop.gateway.openapi.ApiDescription.responses;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.jspecify.annotations.Nullable;

/** Describes figures: their stream, which is a plain route, and what the annotations do not tell of their schemas. */
final class StatsDescription {
    private StatsDescription() {}

    /** Adds the path. */
    static void describe(Map<String, PathItem> paths) {
        paths.put(
                "/api/v1/workloads/{id}/stats/stream",
                OASFactory.createPathItem()
                        .GET(OASFactory.createOperation()
                                .summary("Watch what a workload uses")
                                .description(
                                        "Server-sent events without a name, one a second, each with the same JSON as"
                                                + " `stats`. A client that is slow gets the latest figures and none in between. An"
                                                + " event `idle` says, once, that nothing of the workload runs; figures go on when"
                                                + " something does. A keep-alive comes every 15 s.")
                                .addTag("Metrics")
                                .addParameter(path("id"))
                                .responses(responses("200", "The stream", "text/event-stream"))));
    }

    /** Puts figures in the order in which they are written, and says how a point is. */
    static void schemas(Map<String, Schema> schemas) {
        Schema figures = schemas.get("Usage");
        Schema sample = schemas.get("Item");
        flatten(schemas.get("Stats"), figures, List.of(), List.of("instances"));
        flatten(schemas.get("InstanceStats"), figures, List.of("index", "containerId", "host", "way"), List.of());
        flatten(
                schemas.get("TopUsageItem"),
                figures,
                List.of("workload", "org", "index", "containerId", "containerName", "host", "way"),
                List.of());
        flatten(schemas.get("SampleItem"), sample, List.of("deploymentId"), List.of());
        schemas.put(
                "Point",
                OASFactory.createSchema()
                        .addType(Schema.SchemaType.ARRAY)
                        .description("When, in milliseconds since the epoch, and the value")
                        .items(OASFactory.createSchema().addType(Schema.SchemaType.NUMBER))
                        .minItems(2)
                        .maxItems(2));
    }

    /** Properties that are unwrapped come in no order. */
    static void flatten(@Nullable Schema whole, @Nullable Schema unwrapped, List<String> before, List<String> after) {
        if (whole == null || unwrapped == null) {
            return;
        }
        Map<String, Schema> found = whole.getProperties();
        Map<String, Schema> ordered = new LinkedHashMap<>();
        before.forEach(name -> ordered.put(name, found.get(name)));
        ordered.putAll(unwrapped.getProperties());
        after.forEach(name -> ordered.put(name, found.get(name)));
        whole.setProperties(ordered);
    }
}
