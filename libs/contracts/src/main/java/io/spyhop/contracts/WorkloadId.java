package io.spyhop.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The id of a workload: 1 to 40 characters of {@code [a-z0-9-]}, assigned once by the catalogue. Immutable.
 *
 * @param value the id as text
 */
public record WorkloadId(@JsonValue String value) implements Comparable<WorkloadId> {
    /** The longest id. It leaves room for index, port and suffix in a DNS label of 63 characters. */
    public static final int LENGTH_MAX = 40;

    private static final Pattern VALID = Pattern.compile("[a-z0-9-]{1," + LENGTH_MAX + "}");

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException when the text is not an id
     */
    @JsonCreator
    public WorkloadId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a workload id");
        }
    }

    /** Whether the text is an id; never throws. */
    public static boolean isValid(String text) {
        return text.length() <= LENGTH_MAX && VALID.matcher(text).matches();
    }

    @Override
    public int compareTo(WorkloadId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
