package io.spyhop.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Finds a TCP port on loopback that nobody listens on. Another process may take it before it is used: try again then. */
public final class FreePort {
    /** How often a start is tried with another port. */
    static final int ATTEMPTS = 5;

    private FreePort() {}

    /** A port that was free a moment ago. */
    public static int any() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
