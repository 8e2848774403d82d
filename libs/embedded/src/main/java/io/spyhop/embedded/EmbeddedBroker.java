package io.spyhop.embedded;

import java.nio.file.Path;

/** A small Kafka broker in this process. */
public final class EmbeddedBroker implements AutoCloseable {
    private EmbeddedBroker() {}

    /**
     * Starts a broker on loopback; returns when it accepts clients.
     *
     * @param directory keeps its data over restarts
     * @param port 0 for any free one
     */
    public static EmbeddedBroker start(Path directory, int port) {
        throw new UnsupportedOperationException();
    }

    /** {@code 127.0.0.1:<port>}. */
    public String bootstrapServers() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
