package io.spyhop.embedded;

import java.nio.file.Path;

/** A PostgreSQL server beside this process. */
public final class EmbeddedPostgres implements AutoCloseable {
    private EmbeddedPostgres() {}

    /**
     * Starts a server on loopback; returns when it accepts clients.
     *
     * @param directory keeps its binaries, data and password over restarts
     * @param port 0 for any free one
     */
    public static EmbeddedPostgres start(Path directory, int port) {
        throw new UnsupportedOperationException();
    }

    /** {@code jdbc:postgresql://127.0.0.1:<port>/spyhop}. */
    public String jdbcUrl() {
        throw new UnsupportedOperationException();
    }

    /** The owner of the database. */
    public String user() {
        throw new UnsupportedOperationException();
    }

    /** The owner's password: random, kept in the directory, readable by its owner only. */
    public String password() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
