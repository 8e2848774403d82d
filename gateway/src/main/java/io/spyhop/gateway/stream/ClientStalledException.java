package io.spyhop.gateway.stream;

import java.time.Duration;

/** The client keeps its connection and takes nothing; ends its writer. */
public final class ClientStalledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClientStalledException(Duration patience) {
        super("the client has taken nothing for " + patience.toSeconds() + " s", null, false, false);
    }
}
