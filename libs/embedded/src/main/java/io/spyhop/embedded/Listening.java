package io.spyhop.embedded;

/**
 * Where an embedded server is reached. Immutable.
 *
 * @param address what it binds to
 * @param advertised what it tells its clients to connect to
 */
public record Listening(String address, String advertised) {
    /** This machine only. */
    public static final Listening LOOPBACK = new Listening("127.0.0.1", "127.0.0.1");

    /** Whether others than this machine reach it. */
    boolean isOpen() {
        return !address.equals(LOOPBACK.address());
    }
}
