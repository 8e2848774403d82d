package io.spyhop.logs.number;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spyhop.logs.LogLimits;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines that are JSON objects with a level and a message, and program records (RFC 7464: a record separator, then
 * one JSON text). Everything else, and whatever is broken, is a plain line. Thread-safe.
 */
final class StructuredLineParser {
    private static final byte RECORD_SEPARATOR = 0x1e;
    private static final List<String> LEVEL_KEYS = List.of("level", "severity", "lvl", "levelname");
    private static final List<String> MESSAGE_KEYS = List.of("message", "msg");
    private static final Map<String, String> LEVELS = Map.ofEntries(
            Map.entry("trace", "trace"),
            Map.entry("verbose", "trace"),
            Map.entry("debug", "debug"),
            Map.entry("info", "info"),
            Map.entry("information", "info"),
            Map.entry("notice", "info"),
            Map.entry("warn", "warn"),
            Map.entry("warning", "warn"),
            Map.entry("error", "error"),
            Map.entry("err", "error"),
            Map.entry("fatal", "fatal"),
            Map.entry("critical", "fatal"),
            Map.entry("crit", "fatal"),
            Map.entry("alert", "fatal"),
            Map.entry("emergency", "fatal"),
            Map.entry("emerg", "fatal"),
            Map.entry("panic", "fatal"));

    private final ObjectMapper mapper = new ObjectMapper();
    private final ObjectReader reader = mapper.readerFor(JsonNode.class)
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    /** What the line says of itself; null for a plain line. */
    @Nullable
    StructuredLine parse(byte[] bytes, int offset, int length) {
        // Two comparisons tell nearly every plain line.
        if (length < 2) {
            return null;
        }
        byte first = bytes[offset];
        boolean record = first == RECORD_SEPARATOR;
        if (!record && (first != '{' || bytes[offset + length - 1] != '}')) {
            return null;
        }
        try {
            JsonNode json =
                    record ? reader.readTree(bytes, offset + 1, length - 1) : reader.readTree(bytes, offset, length);
            if (!(json instanceof ObjectNode object)) {
                return null;
            }
            return record && object.has("event") ? event(object) : message(object, record);
        } catch (IOException e) {
            return null;
        }
    }

    private @Nullable StructuredLine message(ObjectNode object, boolean record) throws JsonProcessingException {
        String levelKey = firstPresent(object, LEVEL_KEYS);
        String messageKey = firstPresent(object, MESSAGE_KEYS);
        if (levelKey == null || messageKey == null) {
            return null;
        }
        String level = level(object.get(levelKey));
        if (level == null || !object.get(messageKey).isValueNode()) {
            return null;
        }
        String message = object.get(messageKey).asText();
        object.remove(List.of(levelKey, messageKey));
        String kept = record ? cut(message) : message;
        return new StructuredLine(
                level, kept.getBytes(UTF_8), json(object), null, null, kept.length() < message.length());
    }

    private @Nullable StructuredLine event(ObjectNode object) throws JsonProcessingException {
        if (!object.get("event").isTextual()) {
            return null;
        }
        String name = object.get("event").textValue();
        JsonNode data = object.path("data").isMissingNode() ? mapper.nullNode() : object.get("data");
        String message = name + ": " + data;
        String kept = cut(message);
        boolean truncated = kept.length() < message.length();
        return new StructuredLine(
                "event",
                kept.getBytes(UTF_8),
                null,
                bytes(object.get("event")),
                // Cut data would not be JSON; the cut message says what was there.
                truncated ? null : bytes(data),
                truncated);
    }

    private static @Nullable String firstPresent(ObjectNode object, List<String> keys) {
        for (String key : keys) {
            if (object.has(key)) {
                return key;
            }
        }
        return null;
    }

    /** Names in any case, or the numbers of pino and bunyan: 10 trace to 60 fatal. */
    private static @Nullable String level(JsonNode value) {
        if (value.isTextual()) {
            return LEVELS.get(value.textValue().toLowerCase(Locale.ROOT));
        }
        if (!value.isInt()) {
            return null;
        }
        return switch (value.intValue()) {
            case 10 -> "trace";
            case 20 -> "debug";
            case 30 -> "info";
            case 40 -> "warn";
            case 50 -> "error";
            case 60 -> "fatal";
            default -> null;
        };
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= LogLimits.RECORD_MESSAGE_CHARACTERS
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LogLimits.RECORD_MESSAGE_CHARACTERS));
    }

    private byte @Nullable [] json(ObjectNode rest) throws JsonProcessingException {
        return rest.isEmpty() ? null : bytes(rest);
    }

    private byte[] bytes(JsonNode node) throws JsonProcessingException {
        return mapper.writeValueAsBytes(node);
    }
}
