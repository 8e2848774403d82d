package io.spyhop.logs.number;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.spyhop.contracts.log.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a numbered line as one row of NDJSON. {@code lineNo} always comes first: readers slice batches by it without
 * parsing JSON. Not thread-safe: it keeps a parser.
 */
final class LineRenderer {
    private static final byte[] LINE_NO = "{\"lineNo\":".getBytes(US_ASCII);
    private static final byte[] AT = ",\"at\":\"".getBytes(US_ASCII);
    private static final byte[] STREAM = "\",\"stream\":\"".getBytes(US_ASCII);
    private static final byte[] LEVEL = "\",\"level\":\"".getBytes(US_ASCII);
    private static final byte[] MESSAGE = "\",\"message\":\"".getBytes(US_ASCII);
    private static final byte[] INSTANCE = "\",\"instance\":".getBytes(US_ASCII);
    private static final byte[] FIELDS = ",\"fields\":".getBytes(US_ASCII);
    private static final byte[] EVENT = ",\"event\":".getBytes(US_ASCII);
    private static final byte[] DATA = ",\"data\":".getBytes(US_ASCII);
    private static final byte[] PARTIAL = ",\"partial\":true".getBytes(US_ASCII);
    private static final byte[] TRUNCATED = ",\"truncated\":true".getBytes(US_ASCII);
    private static final byte[] ROW_END = "}\n".getBytes(US_ASCII);

    // What stands between "stream":" and the message is one of three constants for nearly every line.
    private static final byte[] STDOUT_HEAD = head(Stream.STDOUT, "info");
    private static final byte[] STDERR_HEAD = head(Stream.STDERR, "stderr");
    private static final byte[] SYSTEM_HEAD = head(Stream.SYSTEM, "system");

    private final StructuredLineParser parser = new StructuredLineParser();

    /** Appends one row. */
    void render(LineBuffer out, long lineNo, Line line, byte @Nullable [] systemFields) {
        out.put(LINE_NO).putNumber(lineNo).put(AT).putTime(line.atNanos());
        StructuredLine structured =
                line.stream() == Stream.SYSTEM ? null : parser.parse(line.bytes(), line.offset(), line.length());
        if (structured == null) {
            out.put(
                    switch (line.stream()) {
                        case STDOUT -> STDOUT_HEAD;
                        case STDERR -> STDERR_HEAD;
                        case SYSTEM -> SYSTEM_HEAD;
                    });
            out.putText(line.bytes(), line.offset(), line.length());
        } else {
            out.put(STREAM).put(line.stream().wire().getBytes(US_ASCII));
            out.put(LEVEL).put(structured.level().getBytes(US_ASCII)).put(MESSAGE);
            out.putText(structured.message(), 0, structured.message().length);
        }
        if (line.instance() >= 0) {
            out.put(INSTANCE).putNumber(line.instance());
        } else {
            out.put('"');
        }
        if (structured != null) {
            member(out, FIELDS, structured.fields());
            member(out, EVENT, structured.event());
            member(out, DATA, structured.data());
            if (structured.truncated()) {
                out.put(TRUNCATED);
            }
        }
        member(out, FIELDS, systemFields);
        if (line.partial()) {
            out.put(PARTIAL);
        }
        out.put(ROW_END);
    }

    private static void member(LineBuffer out, byte[] name, byte @Nullable [] json) {
        if (json != null) {
            out.put(name).put(json);
        }
    }

    private static byte[] head(Stream stream, String level) {
        return ("\",\"stream\":\"" + stream.wire() + "\",\"level\":\"" + level + "\",\"message\":\"")
                .getBytes(US_ASCII);
    }
}
