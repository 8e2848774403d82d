package io.spyhop.gateway.openapi;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.Paths;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/**
 * Completes the document: the streams and other plain routes; every canonical path below each alias address; problems;
 * how to sign in. What is internal is taken out.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class ApiDescription implements OASFilter {
    private static final String CANONICAL = "/api/v1/workloads/{id}";
    private static final List<String> ALIASES = List.of(
            "/api/orgs/{org}/projects/{project}/workers/{worker}",
            "/api/orgs/{org}/deployments/{deployment}/services/{service}",
            "/api/deployments/{deployment}",
            "/api/v1/apps/{app}");

    @Override
    public void filterOpenAPI(OpenAPI api) {
        api.setInfo(OASFactory.createInfo()
                .title("Spyhop")
                .version("1")
                .description("Live and stored logs, and the resource use, of every container. Errors are"
                        + " `application/problem+json` with a stable `code`. A workload outside of the token's"
                        + " orgs does not exist."));
        api.setServers(null);
        api.setTags(null);
        components(api);
        Map<String, PathItem> paths = new TreeMap<>();
        Paths found = api.getPaths();
        if (found != null) {
            found.getPathItems().forEach((path, item) -> {
                if (path.startsWith("/api/")) {
                    paths.put(path, item);
                }
            });
        }
        LogsDescription.describe(paths);
        StatsDescription.describe(paths);
        JobsDescription.describe(paths);
        paths.put("/api/v1/events", events());
        for (Map.Entry<String, PathItem> entry : Map.copyOf(paths).entrySet()) {
            if (entry.getKey().startsWith(CANONICAL)) {
                for (String alias : ALIASES) {
                    String path = alias + entry.getKey().substring(CANONICAL.length());
                    paths.put(path, aliased(entry.getValue(), alias));
                }
            }
        }
        Paths all = OASFactory.createPaths();
        paths.forEach((path, item) -> {
            item.getOperations().forEach((method, operation) -> complete(path, method, operation));
            all.addPathItem(path, item);
        });
        PathItem app = paths.get("/api/v1/apps/{app}/logs");
        if (app != null) {
            describeApp(app);
        }
        api.setPaths(all);
    }

    private static void components(OpenAPI api) {
        if (api.getComponents() == null) {
            api.setComponents(OASFactory.createComponents());
        }
        Map<String, Schema> schemas = new TreeMap<>();
        if (api.getComponents().getSchemas() != null) {
            schemas.putAll(api.getComponents().getSchemas());
        }
        LogsDescription.schemas(schemas);
        StatsDescription.schemas(schemas);
        CrashesDescription.schemas(schemas);
        JobsDescription.schemas(schemas);
        Schema text = string();
        schemas.put(
                "Problem",
                OASFactory.createSchema()
                        .addType(Schema.SchemaType.OBJECT)
                        .description("An error after RFC 9457")
                        .addProperty("type", text)
                        .addProperty("title", text)
                        .addProperty("status", integer())
                        .addProperty("detail", text)
                        .addProperty("code", string().description("Stable, for programs"))
                        .addProperty("parameter", string().description("The parameter at fault"))
                        .addProperty("traceId", string().description("What to search the logs of Spyhop for"))
                        .required(List.of("type", "title", "status", "detail", "code")));
        api.getComponents().setSchemas(new LinkedHashMap<>(schemas));
        api.getComponents()
                .addSecurityScheme(
                        "token",
                        OASFactory.createSecurityScheme()
                                .type(org.eclipse.microprofile.openapi.models.security.SecurityScheme.Type.HTTP)
                                .scheme("bearer"));
        api.setSecurity(List.of(OASFactory.createSecurityRequirement().addScheme("token")));
    }

    private static PathItem events() {
        Operation operation = OASFactory.createOperation()
                .summary("Follow what happens")
                .description(
                        "Server-sent events, one for each thing that happens to an instance that the token may see:"
                                + " the event's name is its type (`started`, `stopped`, `exited`, `crashed`, `restarting`, `unhealthy`, `healthy`, `removed`, `note`), its data"
                                + " `{type, at, workload, org, host, instance, containerId, startedAt, exitCode, oomKilled}`, and"
                                + " `restart` and `delayMs` of one that is restarting, `failures` and `reason` of one that became unhealthy."
                                + " A `note` is what Spyhop has to say about a workload: it has `text` and `fields`."
                                + " `ports` tells that listening ports of an instance changed: `{type, at, workload, org, host, instance,"
                                + " containerId, ports, omitted, opened, closed}`, all by number; of several changes that were missed only the"
                                + " last may be told."
                                + " `run` tells that a run was asked for, began, ended or changed otherwise: `{type, at, workload, org, run}`,"
                                + " with the run as lists have it."
                                + " What happens to one workload comes in order. `Last-Event-ID` resumes strictly after it, for"
                                + " seven days; an event `gap` says that something is no longer held. A keep-alive every 15 s"
                                + " carries the id to resume from.")
                .addTag("Workloads")
                .addParameter(query("workload", "Only these workloads: ids, separated by commas", string()))
                .addParameter(query("type", "Only these types, separated by commas", string()))
                .addParameter(query("org", "Only this org", string()))
                .addParameter(OASFactory.createParameter()
                        .name("Last-Event-ID")
                        .in(Parameter.In.HEADER)
                        .description("The id of the last event; without it only what happens from now on")
                        .schema(string()))
                .responses(responses("200", "The stream", "text/event-stream"));
        return OASFactory.createPathItem().GET(operation);
    }

    /** The same operations below another address, whose names are the only parameters of the path but for those in what follows. */
    static PathItem aliased(PathItem item, String alias) {
        PathItem copy = OASFactory.createPathItem();
        item.getOperations().forEach((method, operation) -> {
            List<Parameter> parameters = new ArrayList<>();
            for (String segment : alias.split("/", -1)) {
                if (segment.startsWith("{")) {
                    parameters.add(path(segment.substring(1, segment.length() - 1)));
                }
            }
            if (operation.getParameters() != null) {
                operation.getParameters().stream()
                        .filter(parameter -> parameter.getIn() != Parameter.In.PATH
                                || !parameter.getName().equals("id"))
                        .forEach(parameters::add);
            }
            copy.setOperation(
                    method,
                    OASFactory.createOperation()
                            .summary(operation.getSummary())
                            .description(operation.getDescription())
                            .tags(operation.getTags())
                            .parameters(parameters)
                            .requestBody(operation.getRequestBody())
                            .responses(operation.getResponses()));
        });
        return copy;
    }

    private static void describeApp(PathItem logs) {
        Operation operation = logs.getGET();
        operation.setDescription(
                "With `Accept: application/json`, or any of `tail`, `since`, `until`, `limit`, `order` and `context`,"
                        + " the page of lines. Else a stream of server-sent events: live only, with a buffer of 256 lines."
                        + " A client that falls behind is told how many messages were dropped. The stream ends when no"
                        + " instance runs any more.");
        operation.setResponses(responses("200", "Lines, or the stream of them", "text/event-stream"));
        operation
                .getResponses()
                .getAPIResponse("200")
                .getContent()
                .addMediaType(
                        "application/json",
                        OASFactory.createMediaType()
                                .schema(OASFactory.createSchema().ref("LinePage")));
        problems(operation.getResponses());
    }

    private static void complete(String path, PathItem.HttpMethod method, Operation operation) {
        StringBuilder name = new StringBuilder(method.name().toLowerCase(java.util.Locale.ROOT));
        for (String segment : path.split("[/{}]+", -1)) {
            if (!segment.isEmpty() && !segment.equals("api") && !segment.equals("v1")) {
                name.append(Character.toUpperCase(segment.charAt(0))).append(segment.substring(1));
            }
        }
        operation.setOperationId(name.toString());
        if (operation.getResponses() != null) {
            problems(operation.getResponses());
        }
    }

    private static void problems(APIResponses responses) {
        responses.addAPIResponse(
                "default",
                OASFactory.createAPIResponse()
                        .description("A problem")
                        .content(OASFactory.createContent()
                                .addMediaType(
                                        "application/problem+json",
                                        OASFactory.createMediaType()
                                                .schema(OASFactory.createSchema()
                                                        .ref("Problem")))));
    }

    static APIResponses responses(String status, String description, String type) {
        APIResponse response = OASFactory.createAPIResponse()
                .description(description)
                .content(OASFactory.createContent()
                        .addMediaType(type, OASFactory.createMediaType().schema(string())));
        return OASFactory.createAPIResponses().addAPIResponse(status, response);
    }

    static Parameter path(String name) {
        return OASFactory.createParameter()
                .name(name)
                .in(Parameter.In.PATH)
                .required(true)
                .schema(string());
    }

    static Parameter query(String name, String description, Schema schema) {
        return OASFactory.createParameter()
                .name(name)
                .in(Parameter.In.QUERY)
                .description(description)
                .schema(schema);
    }

    static Schema string() {
        return OASFactory.createSchema().addType(Schema.SchemaType.STRING);
    }

    static Schema integer() {
        return OASFactory.createSchema().addType(Schema.SchemaType.INTEGER).format("int64");
    }
}
