package io.spyhop.lifecycle.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The line that tells best why a program ended: its last one of level error or fatal or on stderr, else its last one. Lines that
 * go on from the one before, as those of a stack trace do, are passed over. Immutable.
 *
 * @param text as it was written, cut; null where the program wrote nothing
 */
record LastError(@Nullable String text) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> ERRORS = Set.of("error", "fatal", "stderr");
    private static final Pattern GOES_ON =
            Pattern.compile("\\s.*|at .*|\\.\\.\\. \\d+ (?:more|common).*|", Pattern.DOTALL);
    private static final int HASH_BYTES = 8;

    /** What varies between equal crashes, and what stands for it. In this order: a time has numbers in it too. */
    private static final List<Variable> VARIABLES = List.of(
            new Variable("\\x1b\\[[0-9;]*[A-Za-z]", ""),
            new Variable("\\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b", "<uuid>"),
            new Variable(
                    "\\b\\d{4}[-/]\\d{2}[-/]\\d{2}(?:[T ]\\d{2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?(?:Z|[+-]\\d{2}:?\\d{2})?)?",
                    "<time>"),
            new Variable("\\b\\d{1,2}:\\d{2}:\\d{2}(?:[.,]\\d+)?\\b", "<time>"),
            new Variable("(?<![\\w.])(?:[A-Za-z]:)?(?:[/\\\\][\\w.@+~-]+){2,}[/\\\\]?", "<path>"),
            new Variable("\\b0[xX][0-9a-fA-F]+\\b", "<hex>"),
            new Variable("\\b(?=[0-9a-fA-F]*\\d)(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{6,}\\b", "<hex>"),
            new Variable("[-+]?\\d+(?:[.,]\\d+)*", "<n>"),
            new Variable("\\s+", " "));

    private record Variable(Pattern pattern, String standsFor) {
        Variable(String pattern, String standsFor) {
            this(Pattern.compile(pattern), standsFor);
        }
    }

    /** Finds it among rows of NDJSON, oldest first. */
    static LastError in(String ndjson) {
        String error = null;
        String last = null;
        for (String row : ndjson.lines().toList()) {
            JsonNode line = parsed(row);
            String message = line.path("message").asText();
            if (line.path("stream").asText().equals("system")
                    || GOES_ON.matcher(message).matches()) {
                continue;
            }
            last = message;
            if (ERRORS.contains(line.path("level").asText())
                    || line.path("stream").asText().equals("stderr")) {
                error = message;
            }
        }
        String text = error == null ? last : error;
        return new LastError(text == null ? null : cut(text, CrashLimits.COMPARED_CHARACTERS));
    }

    /** What lists show of it; null where there is nothing. */
    @Nullable
    String shown() {
        return text == null ? null : cut(text, CrashLimits.ERROR_CHARACTERS);
    }

    /** The text without what varies from one time to the next. */
    String normalized() {
        String normalized = text == null ? "" : text;
        for (Variable variable : VARIABLES) {
            normalized = variable.pattern().matcher(normalized).replaceAll(variable.standsFor());
        }
        return normalized.strip();
    }

    /** Stands for all crashes with this exit code and, but for what varies, this last error. */
    String fingerprint(@Nullable Integer exitCode) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest((exitCode + "\n" + normalized()).getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    private static String cut(String text, int charactersMax) {
        if (text.length() <= charactersMax) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(charactersMax - 1)) ? charactersMax - 1 : charactersMax;
        return text.substring(0, end);
    }

    private static JsonNode parsed(String row) {
        try {
            return JSON.readTree(row);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a row is no JSON", e);
        }
    }
}
