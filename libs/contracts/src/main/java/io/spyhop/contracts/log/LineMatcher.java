package io.spyhop.contracts.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.spyhop.contracts.problem.SpyhopException;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says which rows a filter wants. A pattern is matched in linear time. Thread-safe. */
public final class LineMatcher {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LineFilter filter;
    private final @Nullable Pattern regex;
    private final @Nullable String text;

    private LineMatcher(LineFilter filter, @Nullable Pattern regex) {
        this.filter = filter;
        this.regex = regex;
        this.text = filter.text() == null ? null : filter.text().toLowerCase(Locale.ROOT);
    }

    /**
     * Prepares a filter.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID} where it is too long, or its pattern is none
     */
    public static LineMatcher of(LineFilter filter) {
        String pattern = filter.regex();
        if (pattern == null) {
            return new LineMatcher(filter, null);
        }
        try {
            return new LineMatcher(filter, Pattern.compile(pattern));
        } catch (PatternSyntaxException e) {
            throw SpyhopException.parameter("regex", "not a pattern in RE2 syntax");
        }
    }

    /** Whether a row is wanted: a line object as it is stored, without its line feed. */
    public boolean matches(byte[] ndjson, int from, int to) {
        JsonNode line;
        try {
            line = JSON.readTree(ndjson, from, to - from);
        } catch (IOException e) {
            return false;
        }
        String message = line.path("message").asText();
        return (filter.streams().isEmpty()
                        || filter.streams().stream()
                                .anyMatch(
                                        s -> s.wire().equals(line.path("stream").asText())))
                && (filter.levels().isEmpty()
                        || filter.levels().contains(line.path("level").asText()))
                && (text == null
                        || message.toLowerCase(Locale.ROOT).contains(text)
                        || line.path("fields")
                                .toString()
                                .toLowerCase(Locale.ROOT)
                                .contains(text))
                && (regex == null || regex.matcher(message).find())
                && filter.fields().entrySet().stream().allMatch(field -> has(line.path("fields"), field))
                && inTime(line);
    }

    private static boolean has(JsonNode fields, Map.Entry<String, String> wanted) {
        JsonNode value = fields;
        for (String name : wanted.getKey().split("\\.", -1)) {
            value = value.path(name);
        }
        return !value.isMissingNode()
                && (value.isTextual() ? value.textValue() : value.toString()).equals(wanted.getValue());
    }

    private boolean inTime(JsonNode line) {
        Long since = filter.sinceNanos();
        Long until = filter.untilNanos();
        if (since == null && until == null) {
            return true;
        }
        Instant at = Instant.parse(line.path("at").asText());
        long nanos = at.getEpochSecond() * 1_000_000_000L + at.getNano();
        return (since == null || nanos >= since) && (until == null || nanos < until);
    }
}
