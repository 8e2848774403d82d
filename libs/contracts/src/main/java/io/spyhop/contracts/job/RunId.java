package io.spyhop.contracts.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.spyhop.contracts.WorkloadId;
import java.math.BigInteger;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * The id of a run: {@code run-} and 24 digits or letters, the first ten of which are the time in milliseconds, so that ids sort
 * by age. A run is a workload of its own, of this id, whose lines are the run's output. The others are made of the run's {@link
 * RunProof}, so that whoever has that can show that what it brings is the run's. Immutable.
 *
 * @param value the id as text
 */
public record RunId(@JsonValue String value) implements Comparable<RunId> {
    private static final String PREFIX = "run-";
    private static final int TIME_LENGTH = 10;
    private static final int CHANCE_LENGTH = 14;
    private static final int RADIX = 32;
    private static final Pattern VALID = Pattern.compile(PREFIX + "[0-9a-v]{" + (TIME_LENGTH + CHANCE_LENGTH) + "}");

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

    /** A new id that nobody has, of which nothing can ever be proved. */
    public static RunId create(Instant at) {
        return create(at, RunProof.create());
    }

    /** A new id that nobody has: 70 bits of it are those of the proof. */
    public static RunId create(Instant at, RunProof proof) {
        String time = Long.toString(at.toEpochMilli(), RADIX);
        return new RunId(PREFIX + "0".repeat(TIME_LENGTH - time.length()) + time + digest(proof));
    }

    /** Whether the id was made of this. */
    public boolean isProvedBy(RunProof proof) {
        return value.endsWith(digest(proof));
    }

    private static String digest(RunProof proof) {
        return new BigInteger(1, proof.digest())
                .mod(BigInteger.valueOf(RADIX).pow(CHANCE_LENGTH))
                .add(BigInteger.valueOf(RADIX).pow(CHANCE_LENGTH))
                .toString(RADIX)
                .substring(1);
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
