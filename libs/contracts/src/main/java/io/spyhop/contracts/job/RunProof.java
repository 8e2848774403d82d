package io.spyhop.contracts.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * By what a container shows that it was made for a run. The run's id is made of it, and from the id nobody finds it: so whoever
 * reads both from labels needs to know nothing else. jobs-service alone has it, and whoever may ask the engine about the container.
 * Immutable. Its text does not show it.
 *
 * @param value the proof as text
 */
public record RunProof(String value) {
    /** The label of a run's container that holds it. */
    public static final String LABEL = "spyhop.run.proof";

    private static final int BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new one that nobody can guess. */
    public static RunProof create() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new RunProof(HexFormat.of().formatHex(bytes));
    }

    byte[] digest() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(value.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "a run's proof";
    }
}
