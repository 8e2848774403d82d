package io.spyhop.gateway.events;

import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.topic.Topic;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A position in the topics as clients see it: the offsets of all partitions as varints, in base64url, after a byte that says
 * how it is written, and that tells how many topics there were: the first version knew the transitions alone, the second ports
 * too, the third runs.
 */
final class EventCursor {
    /** Stands in place of an offset that a cursor does not have: from now on. */
    static final long PRESENT = -1;

    private static final int VERSION = EventSource.PARTITIONS / Topic.PARTITIONS;
    private static final int LENGTH_MAX = 500;
    private static final String WANTED = "the id of an event of this stream";

    private EventCursor() {}

    static String write(List<Long> position) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(VERSION);
        for (long offset : position) {
            long rest = offset;
            while (rest > 0x7f) {
                bytes.write((int) (rest & 0x7f) | 0x80);
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    /**
     * Reads a cursor as it was written.
     *
     * @param name the parameter that it came in
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    static List<Long> read(String name, String cursor) {
        byte[] bytes = bytes(name, cursor);
        if (bytes.length == 0 || bytes[0] < 1 || bytes[0] > VERSION) {
            throw SpyhopException.parameter(name, WANTED);
        }
        List<Long> position = new ArrayList<>();
        long offset = 0;
        int shift = 0;
        for (int i = 1; i < bytes.length; i++) {
            // Nine groups of seven bits are all of a long that is not negative.
            if (shift > 8 * 7) {
                throw SpyhopException.parameter(name, WANTED);
            }
            offset |= (long) (bytes[i] & 0x7f) << shift;
            shift += 7;
            if (bytes[i] >= 0) {
                position.add(offset);
                offset = 0;
                shift = 0;
            }
        }
        if (position.size() != bytes[0] * Topic.PARTITIONS || shift != 0) {
            throw SpyhopException.parameter(name, WANTED);
        }
        while (position.size() < EventSource.PARTITIONS) {
            position.add(PRESENT);
        }
        return position;
    }

    private static byte[] bytes(String name, String cursor) {
        try {
            if (cursor.length() <= LENGTH_MAX) {
                return Base64.getUrlDecoder().decode(cursor);
            }
        } catch (IllegalArgumentException e) {
            throw SpyhopException.parameter(name, WANTED);
        }
        throw SpyhopException.parameter(name, WANTED);
    }
}
