package io.spyhop.gateway.openapi;

import static io.spyhop.gateway.openapi.ApiDescription.integer;
import static io.spyhop.gateway.openapi.ApiDescription.path;
import static io.spyhop.gateway.openapi.ApiDescription.query;
import static io.spyhop.gateway.openapi.ApiDescription.responses;
import static io.spyhop.gateway.openapi.ApiDescription.string;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;

/** Describes what is asked of lines: the filters that all addresses have, and the plain routes. */
final class LogsDescription {
    private static final String LOGS = "/api/v1/workloads/{id}/logs";
    private static final String NUMBER_OR_TIME =
            " A whole number is a line's; otherwise a time (RFC 3339), or how long ago, such as `15m`.";

    private LogsDescription() {}

    /** Adds paths and parameters. */
    static void describe(Map<String, PathItem> paths) {
        PathItem page = paths.get(LOGS);
        if (page != null) {
            add(
                    page.getGET(),
                    query("tail", "How many of the newest lines, 1 to 5000; not together with `since`", integer()),
                    since(),
                    until(),
                    query("limit", "1 to 5000, 100 if missing", integer()),
                    query(
                            "order",
                            "`oldest` reads the range from its beginning (as it does with `since`), `newest` from its end",
                            string().enumeration(List.of("oldest", "newest"))),
                    query(
                            "context",
                            "So many lines before and after each that matches, 0 to 100; `matched` tells which match",
                            integer()),
                    strip());
            filter(page.getGET());
        }
        paths.put(LOGS + "/stream", stream());
        paths.put(LOGS + "/ws", webSocket());
        paths.put(LOGS + "/download", download());
        paths.put("/api/v1/logs/search", search());
    }

    /** Adds the schemas of lines. */
    static void schemas(Map<String, Schema> schemas) {
        schemas.put(
                "Line",
                object().description("One log line. Numbers rise by one for each workload and are never reused.")
                        .addProperty("lineNo", integer())
                        .addProperty("at", string().format("date-time"))
                        .addProperty("stream", string().enumeration(List.of("stdout", "stderr", "system")))
                        .addProperty("level", string())
                        .addProperty("message", string())
                        .addProperty("instance", string())
                        .addProperty("fields", object().description("What a structured line says"))
                        .addProperty("partial", bool())
                        .addProperty("truncated", bool())
                        .required(List.of("lineNo", "at", "stream", "level", "message")));
        schemas.put(
                "LinePage",
                object().addProperty("items", list(OASFactory.createSchema().ref("Line")))
                        .addProperty(
                                "through",
                                integer()
                                        .description(
                                                "The highest number examined, the lowest with `order=newest`: go on with"
                                                        + " `since`, or `until`"))
                        .addProperty("more", bool().description("Whether the range goes on there"))
                        .addProperty(
                                "matched",
                                list(integer()).description("With `context`: the numbers of lines that match"))
                        .required(List.of("items", "through", "more")));
        schemas.put(
                "SearchAnswer",
                object().addProperty(
                                "items",
                                list(OASFactory.createSchema().ref("Line"))
                                        .description("Newest first; each has `workload` too"))
                        .addProperty(
                                "histogram",
                                object().description("How many lines match, by time")
                                        .addProperty("from", string().format("date-time"))
                                        .addProperty("to", string().format("date-time"))
                                        .addProperty("stepSeconds", integer())
                                        .addProperty("counts", list(integer())))
                        .addProperty(
                                "examined",
                                object().addProperty("lines", integer()).addProperty("bytes", integer()))
                        .addProperty("complete", bool().description("Whether the whole time was examined"))
                        .addProperty("next", string().description("The cursor of the next answer; missing at the end"))
                        .required(List.of("items", "histogram", "examined", "complete")));
    }

    private static PathItem stream() {
        Operation operation = OASFactory.createOperation()
                .summary("Follow lines")
                .description("Server-sent events, one a line, with its number as the id; nothing is lost and nothing"
                        + " repeated. Without `since` only what comes from now on, after `tail` lines if asked."
                        + " `Last-Event-ID` resumes strictly after it. A keep-alive every 15 s carries the cursor, which"
                        + " also moves over lines that a filter leaves out. Where retention has removed lines, an event"
                        + " `gap` with `{from, to, reason}` stands for them, unless there is a filter.")
                .responses(responses("200", "The stream", "text/event-stream"));
        live(operation);
        operation.addParameter(OASFactory.createParameter()
                .name("Last-Event-ID")
                .in(Parameter.In.HEADER)
                .description("Wins over `since`")
                .schema(integer()));
        return item(operation);
    }

    private static PathItem webSocket() {
        Operation operation = OASFactory.createOperation()
                .summary("Follow lines over a WebSocket")
                .description("The same lines as text messages of whole NDJSON rows; a gap is a row"
                        + " `{\"gap\": {from, to, reason}}`.")
                .responses(OASFactory.createAPIResponses()
                        .addAPIResponse("101", OASFactory.createAPIResponse().description("The WebSocket is open")));
        live(operation);
        return item(operation);
    }

    private static void live(Operation operation) {
        add(
                operation,
                path("id"),
                query(
                        "since",
                        "Begin with the line after this number, or the first one of this time." + NUMBER_OR_TIME,
                        string()),
                query("tail", "Begin with so many of the newest lines, 0 to 5000", integer()),
                query(
                        "onLag",
                        "`drop`: live only, and a client that falls 256 lines behind is told how many were dropped;"
                                + " `catch-up` (as if missing): it gets them later",
                        string().enumeration(List.of("drop", "catch-up"))),
                strip());
        filter(operation);
        operation.addTag("Logs");
    }

    private static PathItem download() {
        Operation operation = OASFactory.createOperation()
                .summary("Download lines")
                .description("As a file: what was stored when it began. A response that is broken off is not complete.")
                .addTag("Logs")
                .responses(responses("200", "The file", "text/plain"));
        add(
                operation,
                path("id"),
                query(
                        "format",
                        "`text` (as if missing): messages, a line each; `ndjson`: rows as they are",
                        string().enumeration(List.of("text", "ndjson"))),
                query("gzip", "Whether it is compressed", bool()),
                query("timestamps", "Whether time and stream stand before each line of text", bool()),
                since(),
                until(),
                strip());
        filter(operation);
        return item(operation);
    }

    private static PathItem search() {
        Operation operation = OASFactory.createOperation()
                .summary("Search lines of all workloads")
                .description(
                        "Of those that the token may see, newest first. Beyond `limit` lines are only counted. The answer"
                                + " comes after at most 10 s, complete or not; `next` goes on, with a histogram of what that answer"
                                + " examined. With `Accept: text/event-stream` events `lines` (`{items}`) and `progress`"
                                + " (`{histogram, examined, through}`) come as it is found, and `end` (`{complete, next}`).")
                .addTag("Logs")
                .responses(OASFactory.createAPIResponses()
                        .addAPIResponse(
                                "200",
                                OASFactory.createAPIResponse()
                                        .description("What was found")
                                        .content(OASFactory.createContent()
                                                .addMediaType(
                                                        "application/json",
                                                        OASFactory.createMediaType()
                                                                .schema(OASFactory.createSchema()
                                                                        .ref("SearchAnswer")))
                                                .addMediaType(
                                                        "text/event-stream",
                                                        OASFactory.createMediaType()
                                                                .schema(string())))));
        filter(operation);
        add(
                operation,
                query(
                        "since",
                        "From this time on, 24 h ago if missing: a time, or how long ago, such as `15m`",
                        string()),
                query("until", "Before this time, now if missing", string()),
                query("org", "Only workloads of this org", string()),
                query("project", "Only workloads of this project", string()),
                query("kind", "Only workloads of this kind; job runs only so", string()),
                query(
                        "workload",
                        "Only these workloads: up to 200 ids, separated by commas or each by itself",
                        string()),
                query("limit", "0 to 5000, 100 if missing", integer()),
                query("buckets", "Buckets of the histogram, 1 to 500, 60 if missing; whole seconds each", integer()),
                query("cursor", "`next` of the answer before; its times win", string()));
        return item(operation);
    }

    private static void filter(Operation operation) {
        add(
                operation,
                query("stream", "Only of these streams, separated by commas: `stdout`, `stderr`, `system`", string()),
                query("level", "Only of these levels, separated by commas, such as `error,warn`", string()),
                query("q", "Only with this text in the message or the fields, letters of either case", string()),
                query("regex", "Only where this is found in the message; RE2 syntax", string()),
                query(
                        "fields.{path}",
                        "Only structured lines with this value, such as `fields.user.id=7`; up to 10 of them",
                        string()));
    }

    private static Parameter since() {
        return query(
                "since", "Lines with a higher number than this, or at or after this time." + NUMBER_OR_TIME, string());
    }

    private static Parameter until() {
        return query("until", "Lines with a lower number than this, or before this time; as `since`", string());
    }

    private static Parameter strip() {
        return query(
                "strip",
                "`ansi` leaves escape sequences of terminals out of messages",
                string().enumeration(List.of("ansi")));
    }

    private static void add(Operation operation, Parameter... parameters) {
        Arrays.stream(parameters).forEach(operation::addParameter);
    }

    private static PathItem item(Operation operation) {
        return OASFactory.createPathItem().GET(operation);
    }

    private static Schema object() {
        return OASFactory.createSchema().addType(Schema.SchemaType.OBJECT);
    }

    private static Schema list(Schema items) {
        return OASFactory.createSchema().addType(Schema.SchemaType.ARRAY).items(items);
    }

    private static Schema bool() {
        return OASFactory.createSchema().addType(Schema.SchemaType.BOOLEAN);
    }
}
