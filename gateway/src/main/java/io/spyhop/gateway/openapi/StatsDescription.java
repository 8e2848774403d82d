package io.spyhop.gateway.openapi;

import static io.spyhop.gateway.openapi.ApiDescription.path;
import static io.spyhop.gateway.openapi.ApiDescription.responses;

import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.PathItem;

/** Describes the stream of what a workload uses, which is a plain route. */
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
}
