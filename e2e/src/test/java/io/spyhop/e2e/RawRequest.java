package io.spyhop.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Requests that a proper HTTP client refuses to send. */
final class RawRequest {
    private static final int TIMEOUT_MS = 10_000;

    private RawRequest() {}

    /**
     * Sends a GET as it is and gives the status.
     *
     * @param headers whole header rows; without one for the host the right one is sent
     */
    static int get(Api api, String target, String... headers) {
        try (Socket socket = open(api, target, headers)) {
            String status = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
                    .readLine();
            if (status == null) {
                throw new AssertionError("no answer to GET " + target);
            }
            // HTTP/1.1 200 OK
            return Integer.parseInt(status.substring(9, 12));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends it likewise; nothing of the answer is read yet. */
    static Socket open(Api api, String target, String... headers) {
        try {
            Socket socket = new Socket(api.base().getHost(), api.base().getPort());
            socket.setSoTimeout(TIMEOUT_MS);
            StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\n");
            boolean host = false;
            for (String header : headers) {
                request.append(header).append("\r\n");
                host |= header.startsWith("Host:");
            }
            if (!host) {
                request.append("Host: ").append(api.base().getAuthority()).append("\r\n");
            }
            if (api.token() != null) {
                request.append("Authorization: Bearer ").append(api.token()).append("\r\n");
            }
            request.append("Connection: close\r\n\r\n");
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
