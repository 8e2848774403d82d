package io.spyhop.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/** A log line as the API gives it. Immutable as long as nobody changes the JSON. */
record Line(long lineNo, Instant at, String stream, String level, String message, JsonNode json) {
    /** Reads a line; every field of it must be there. */
    static Line of(JsonNode json) {
        return new Line(
                required(json, "lineNo").longValue(),
                Instant.parse(required(json, "at").textValue()),
                required(json, "stream").textValue(),
                required(json, "level").textValue(),
                required(json, "message").textValue(),
                json);
    }

    private static JsonNode required(JsonNode json, String field) {
        JsonNode value = json.get(field);
        if (value == null) {
            throw new AssertionError("a line without " + field + ": " + json);
        }
        return value;
    }

    /** The messages of one stream, in order. */
    static List<String> messages(List<Line> lines, String stream) {
        return lines.stream()
                .filter(line -> line.stream().equals(stream))
                .map(Line::message)
                .toList();
    }
}
