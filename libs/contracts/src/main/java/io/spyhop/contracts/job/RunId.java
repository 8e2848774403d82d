package io.spyhop.contracts.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.spyhop.contracts.WorkloadId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * The id of a run: {@code run-} and 24 digits or letters, the first ten of which are the time in milliseconds, so that ids sort
 * by age. A run is a workload of its own, of this id, whose lines are the run's output. Immutable.
 *
 * @param value the id as text
 */
public record RunId(@JsonValue String value) implements Comparable<RunId> {
    private static final String PREFIX = "run-";
    private static final int TIME_LENGTH = 10;
    private static final int CHANCE_LENGTH = 14;
    private static final int RADIX = 32;
    private static final Pattern VALID = Pattern.compile(PREFIX + "[0-9a-v]{" + (TIME_LENGTH + CHANCE_LENGTH) + "}");
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException when the text is not an id of a run
     */
    @JsonCreator
    public RunId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a run's id");
        }
    }

    /** Whether the text is an id of a run; never throws. */
    public static boolean isValid(String text) {
        return VALID.matcher(text).matches();
    }

    /** A new id that nobody has: 70 bits of it are by chance. */
    public static RunId create(Instant at) {
        StringBuilder id = new StringBuilder(PREFIX);
        String time = Long.toString(at.toEpochMilli(), RADIX);
        id.repeat('0', TIME_LENGTH - time.length()).append(time);
        for (int i = 0; i < CHANCE_LENGTH; i++) {
            id.append(Character.forDigit(RANDOM.nextInt(RADIX), RADIX));
        }
        return new RunId(id.toString());
    }

    /** The workload whose lines are the output. */
    public WorkloadId workload() {
        return new WorkloadId(value);
    }

    @Override
    public int compareTo(RunId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
