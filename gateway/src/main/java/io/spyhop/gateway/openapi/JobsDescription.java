package io.spyhop.gateway.openapi;

import static io.spyhop.gateway.openapi.ApiDescription.query;
import static io.spyhop.gateway.openapi.ApiDescription.string;

import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;

/** Describes jobs and runs: the filters of histories, and the log addresses of runs, which are those of any workload. */
final class JobsDescription {
    private static final String WORKLOAD = "/api/v1/workloads/{id}";
    private static final String LOGS = WORKLOAD + "/logs";
    private static final String RUNS = WORKLOAD + "/jobs/{job}/runs";

    /** What jobs-service is asked, and answers. */
    private static final List<String> INTERNAL =
            List.of("Job", "JobDefinition", "JobList", "RunDetails", "RunQuery", "RunRequest");

    private JobsDescription() {}

    /** Adds paths and parameters; the paths of logs are there already. */
    static void describe(Map<String, PathItem> paths) {
        for (String path : List.of(RUNS, WORKLOAD + "/runs")) {
            PathItem runs = paths.get(path);
            if (runs != null) {
                history(runs.getGET());
            }
        }
        String run = RUNS + "/{run}";
        for (Map.Entry<String, PathItem> entry : Map.copyOf(paths).entrySet()) {
            if (entry.getKey().equals(LOGS) || entry.getKey().startsWith(LOGS + "/")) {
                String path = run + entry.getKey().substring(WORKLOAD.length());
                paths.put(path, ApiDescription.aliased(entry.getValue(), run));
            }
        }
    }

    /** Says what the annotations do not. */
    static void schemas(Map<String, Schema> schemas) {
        StatsDescription.flatten(
                schemas.get("JobAnswer"),
                schemas.get("DefinitionAnswer"),
                List.of(),
                List.of(
                        "workload",
                        "source",
                        "revision",
                        "createdAt",
                        "updatedAt",
                        "nextAt",
                        "missedCount",
                        "overdue",
                        "lastRun"));
        StatsDescription.flatten(
                schemas.get("RunAnswer"),
                schemas.get("Run"),
                List.of(),
                List.of("definition", "definitionRevision", "parameters", "image", "imageDigest", "envKeys"));
        schemas.put("RunId", string());
        schemas.put("WorkloadId", string());
        schemas.put(
                "JobCommand",
                OASFactory.createSchema()
                        .description("A line for a shell (a text), or a list of arguments (of texts)"));
        INTERNAL.forEach(schemas::remove);
    }

    private static void history(Operation operation) {
        List.of(
                        query(
                                "status",
                                "Only in this status",
                                string().enumeration(List.of(
                                        "queued", "running", "succeeded", "failed", "timed-out", "cancelled", "lost"))),
                        query(
                                "triggeredBy",
                                "Only those that this asked for",
                                string().enumeration(List.of("api", "dashboard", "schedule"))),
                        query("from", "Asked for at or after this time, or so long ago, such as `12h`", string()),
                        query("to", "Asked for before this time; as `from`", string()),
                        query("q", "Only those with this text in their output, letters of either case", string()),
                        query("limit", "1 to 1000, 100 if missing", ApiDescription.integer()),
                        query("cursor", "`next` of the page before", string()))
                .forEach(operation::addParameter);
    }
}
