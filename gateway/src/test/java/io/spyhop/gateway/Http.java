package io.spyhop.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTTP as bytes on a socket: what no well-behaved client would send, and streams that are read when the test says so. */
final class Http implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("^id: (\\d+)$");

    private final Socket socket;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private Http(int port, String request) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setReceiveBufferSize(8 * 1024);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** One request, its whole answer. */
    static String exchange(int port, String request) {
        try (Http http = new Http(port, request)) {
            http.socket.setSoTimeout(10_000);
            return new String(http.socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks with a token; the answer's end closes the connection. */
    static String get(int port, String uri, String token) {
        return exchange(
                port,
                "GET " + uri + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + token
                        + "\r\n\r\n");
    }

    /** Opens a stream; nothing is read yet. */
    static Http open(int port, String uri, String token, String... headers) {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        try {
            return new Http(
                    port,
                    "GET " + uri + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n" + more
                            + "\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads lines from now on, on a thread of its own, until the end. */
    Http read() {
        Thread.ofVirtual().start(() -> {
            try (InputStream in = socket.getInputStream();
                    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines.add(line);
                }
                lines.add("<end>");
            } catch (IOException e) {
                lines.add("<" + e.getMessage() + ">");
            }
        });
        return this;
    }

    List<String> lines() {
        return lines;
    }

    /** The ids of the events that carry data. */
    List<Long> numbers() {
        List<Long> numbers = new java.util.ArrayList<>();
        List<String> all = List.copyOf(lines);
        for (int i = 0; i + 1 < all.size(); i++) {
            Matcher matcher = ID.matcher(all.get(i));
            if (matcher.matches() && all.get(i + 1).startsWith("data: ")) {
                numbers.add(Long.parseLong(matcher.group(1)));
            }
        }
        return numbers;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
