package io.spyhop.standalone;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.eclipse.microprofile.config.Config;

/** Where Spyhop is about to listen. Quarkus would find out last of all that it cannot, and tell it among much else. */
public final class HttpAddress {
    private HttpAddress() {}

    /**
     * Checks that a server can listen there.
     *
     * @throws IOException when it cannot; says why and what to do
     */
    public static void requireFree(String host, int port) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(host, port));
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    "it cannot listen at %s, port %d: %s. Choose another port, such as SPYHOP_HTTP_PORT=18080 ./spyhop up; ./spyhop doctor tells who uses this one."
                            .formatted(host, port, e.getMessage()),
                    e);
        }
    }

    /** Checks the configured address. */
    static void requireFree(Config settings) throws IOException {
        requireFree(
                settings.getValue("quarkus.http.host", String.class),
                settings.getValue("quarkus.http.port", Integer.class));
    }
}
