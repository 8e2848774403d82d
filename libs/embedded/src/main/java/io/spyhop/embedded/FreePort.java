package io.spyhop.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

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

    /** Likewise, and not the one that is about to be used too. */
    static int otherThan(int port) throws IOException {
        int found = any();
        return found == port ? otherThan(port) : found;
    }

    /** Whether somebody listens on it. */
    static boolean isListenedOn(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
