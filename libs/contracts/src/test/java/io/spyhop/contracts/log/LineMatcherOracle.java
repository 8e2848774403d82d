package io.spyhop.contracts.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.re2j.Pattern;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** What {@link LineMatcher} should say, the slow and simple way. */
final class LineMatcherOracle {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LineMatcherOracle() {}

    static boolean matches(LineFilter filter, byte[] ndjson, int from, int to) {
        JsonNode line;
        try {
            line = JSON.readTree(ndjson, from, to - from);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String message = line.path("message").asText();
        String text = filter.text();
        String regex = filter.regex();
        return (filter.streams().isEmpty()
                        || filter.streams().stream()
                                .anyMatch(
                                        s -> s.wire().equals(line.path("stream").asText())))
                && (filter.levels().isEmpty()
                        || filter.levels().contains(line.path("level").asText()))
                && (text == null
                        || fold(message).contains(fold(text))
                        || fold(line.path("fields").toString()).contains(fold(text)))
                && (regex == null || Pattern.compile(regex).matcher(message).find())
                && filter.fields().entrySet().stream().allMatch(field -> has(line.path("fields"), field))
                && inTime(filter, line);
    }

    private static String fold(String text) {
        return text.codePoints()
                .map(c -> {
                    int small = Character.toLowerCase(Character.toUpperCase(c));
                    return c >= 0x80 && small < 0x80 ? c : small;
                })
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean has(JsonNode fields, Map.Entry<String, String> wanted) {
        return has(fields, wanted.getKey(), wanted.getValue());
    }

    private static boolean has(JsonNode fields, String path, String value) {
        JsonNode here = fields.path(path);
        if (!here.isMissingNode() && (here.isTextual() ? here.textValue() : here.toString()).equals(value)) {
            return true;
        }
        for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
            if (has(fields.path(path.substring(0, dot)), path.substring(dot + 1), value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean inTime(LineFilter filter, JsonNode line) {
        Long since = filter.sinceNanos();
        Long until = filter.untilNanos();
        Instant at = Instant.parse(line.path("at").asText());
        long nanos = ChronoUnit.NANOS.between(Instant.EPOCH, at);
        return (since == null || nanos >= since) && (until == null || nanos < until);
    }
}
