package io.spyhop.contracts.port;

import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What another service's relay is asked for instead of a host's name: one life of a container. As text it is one part of a name,
 * which has 63 characters at the most (RFC 1035, section 2.3.1): the id is written to the base of 36. Without a dot, it is no
 * name that TLS would send. Immutable.
 *
 * @param containerId the engine's full id, 64 hexadecimal digits
 * @param pid of its first process, as its machine numbers it
 */
public record RelayName(String containerId, long pid) {
    /** The purpose of the password that a relay wants: {@code InternalSecret} makes it. */
    public static final String PASSWORD = "port-relay";

    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern TEXT = Pattern.compile("([0-9a-z]{1,50})-([1-9][0-9]{0,9})");

    /**
     * Names a life.
     *
     * @throws IllegalArgumentException when the id is none of an engine's
     */
    public RelayName {
        if (!ID.matcher(containerId).matches()) {
            throw new IllegalArgumentException("not the id of a container");
        }
    }

    /** Reads what {@link #toString} wrote; empty for anything else. */
    public static Optional<RelayName> of(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String id = "%064x".formatted(new BigInteger(matcher.group(1), Character.MAX_RADIX));
        return ID.matcher(id).matches()
                ? Optional.of(new RelayName(id, Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return new BigInteger(containerId, 16).toString(Character.MAX_RADIX) + "-" + pid;
    }
}
