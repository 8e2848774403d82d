package io.spyhop.contracts.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.LocalDate;
import java.util.Arrays;

/**
 * Where the parts of one row stand, of a line object as log-service renders it: lineNo, at, stream, level, message, then
 * what there is of instance, fields, event, data, truncated and partial, without spaces. Found once, moved from row to
 * row. Not thread-safe.
 */
public class LineRow {
    private static final int NUMBER_AT = "{\"lineNo\":".length();
    private static final int AT_AFTER_NUMBER = ",\"at\":\"".length();
    private static final int AT_LENGTH = "2026-01-01T00:00:00.000000000Z".length();
    private static final int STREAM_AFTER_AT = "\",\"stream\":\"".length();
    private static final int LEVEL_AFTER_STREAM = "\",\"level\":\"".length();
    private static final int MESSAGE_AFTER_LEVEL = "\",\"message\":\"".length();
    private static final byte[] FIELDS = ",\"fields\":".getBytes(US_ASCII);
    private static final byte[] INSTANCE = ",\"instance\":".getBytes(US_ASCII);
    private static final byte[] PARTIAL = ",\"partial\":true".getBytes(US_ASCII);
    private static final byte[] TRUNCATED = ",\"truncated\":true".getBytes(US_ASCII);

    final byte[] bytes;
    private int end;
    private int at;
    private int stream;
    private int streamEnd;
    private int level;
    private int levelEnd;
    int message;
    private int messageEnd;
    private int fields;
    private int fieldsEnd;

    /** Most rows are of the same day as the one before. */
    private int lastDate;

    private long lastDay;

    /** Not yet at a row of these. */
    public LineRow(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Moves to a row; false where it is none.
     *
     * @param from where it begins
     * @param to where it ends, before its line feed
     */
    public boolean move(int from, int to) {
        int number = from + NUMBER_AT;
        while (number < to && bytes[number] >= '0' && bytes[number] <= '9') {
            number++;
        }
        at = number + AT_AFTER_NUMBER;
        stream = at + AT_LENGTH + STREAM_AFTER_AT;
        streamEnd = ByteScan.indexOf(bytes, Math.min(stream, to), to, '"');
        level = streamEnd + LEVEL_AFTER_STREAM;
        levelEnd = ByteScan.indexOf(bytes, Math.min(level, to), to, '"');
        moveToMessage(levelEnd + MESSAGE_AFTER_LEVEL, to);
        return message < to && bytes[message - 1] == '"' && bytes[message - 2] == ':' && bytes[to - 1] == '}';
    }

    final void moveToMessage(int from, int to) {
        message = from;
        messageEnd = -1;
        end = to;
    }

    int end() {
        return end;
    }

    /** Where the text of its time ends, before its quote. */
    public int timeEnd() {
        return at + AT_LENGTH;
    }

    /** Where the text of its message begins. */
    public int message() {
        return message;
    }

    boolean hasStream(byte[] wanted) {
        return Arrays.equals(bytes, stream, streamEnd, wanted, 0, wanted.length);
    }

    boolean hasLevel(byte[] wanted) {
        return Arrays.equals(bytes, level, levelEnd, wanted, 0, wanted.length);
    }

    /** Whether a place behind the message's beginning that is no quote is within its text. */
    boolean isMessage(int place) {
        return ByteScan.stringEnd(bytes, message, place) == place;
    }

    /** Where the message's text ends, before its quote. */
    int messageEnd() {
        if (messageEnd < 0) {
            findEnds();
        }
        return messageEnd;
    }

    /** Where the JSON text of the fields begins; the same as its end where there are none. */
    int fields() {
        messageEnd();
        return fields;
    }

    int fieldsEnd() {
        messageEnd();
        return fieldsEnd;
    }

    private void findEnds() {
        messageEnd = ByteScan.stringEnd(bytes, message, end);
        int rest = messageEnd + 1;
        if (has(INSTANCE, rest)) {
            rest += INSTANCE.length;
            while (rest < end && bytes[rest] >= '0' && bytes[rest] <= '9') {
                rest++;
            }
        }
        fields = end;
        fieldsEnd = end;
        if (has(FIELDS, rest)) {
            fields = rest + FIELDS.length;
            // They are an object, so what may follow is told from the end.
            fieldsEnd = without(TRUNCATED, without(PARTIAL, end - 1));
        }
    }

    private boolean has(byte[] name, int from) {
        return from + name.length <= end && Arrays.equals(bytes, from, from + name.length, name, 0, name.length);
    }

    private int without(byte[] member, int to) {
        int from = to - member.length;
        return from >= fields && Arrays.equals(bytes, from, to, member, 0, member.length) ? from : to;
    }

    /**
     * The time in nanoseconds since the epoch.
     *
     * @throws java.time.DateTimeException where its digits are no date
     */
    public long atNanos() {
        int date = digits(at, 4) << 16 | digits(at + 5, 2) << 8 | digits(at + 8, 2);
        if (date != lastDate) {
            lastDate = date;
            lastDay = LocalDate.of(date >>> 16, date >>> 8 & 0xff, date & 0xff).toEpochDay();
        }
        long second = (lastDay * 24 + digits(at + 11, 2)) * 3600 + digits(at + 14, 2) * 60L + digits(at + 17, 2);
        return second * 1_000_000_000L + digits(at + 20, 9);
    }

    private int digits(int from, int count) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            value = value * 10 + (bytes[i] - '0');
        }
        return value;
    }

    /** The message as it was written, or the beginning of it that has so many bytes here. */
    String messageText(int bytesMax) {
        int to = Math.min(messageEnd(), message + bytesMax);
        if (ByteScan.indexOf(bytes, message, to, '\\') == to) {
            return new String(bytes, message, to - message, UTF_8);
        }
        return JsonText.unescaped(bytes, message, to);
    }
}
