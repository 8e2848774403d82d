package io.spyhop.gateway;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTTP as bytes on a socket: what no well-behaved client would send, and streams that are read when the test says so. */
final class Http implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("^id: (\\d+)$");

    private final Socket socket;
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    private Http(int port, String request) throws IOException {
        this.socket = new Socket();
        // Set before it connects, so that the kernel does not take megabytes for a client that does not read.
        socket.setReceiveBufferSize(64 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
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
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Authorization: Bearer " + token);
        return openWithout(port, uri, all.toArray(String[]::new));
    }

    /** Opens a stream with these headers alone; nothing is read yet. */
    static Http openWithout(int port, String uri, String... headers) {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        try {
            return new Http(port, "GET " + uri + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads lines from now on, on a thread of its own, until the end. */
    Http read() {
        Thread.ofVirtual().start(() -> {
            try (InputStream in = new BufferedInputStream(socket.getInputStream())) {
                boolean chunked = false;
                for (String header = line(in); !header.isEmpty(); header = line(in)) {
                    lines.add(header);
                    chunked |= header.equalsIgnoreCase("transfer-encoding: chunked");
                }
                if (chunked) {
                    chunks(in);
                }
                lines.add("<end>");
            } catch (IOException e) {
                lines.add("<" + e.getMessage() + ">");
            }
        });
        return this;
    }

    private void chunks(InputStream in) throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            for (byte b : in.readNBytes(size)) {
                if (b == '\n') {
                    lines.add(rest.toString(StandardCharsets.UTF_8));
                    rest.reset();
                } else {
                    rest.write(b);
                }
            }
            line(in);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the stream has ended");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    /** A copy of what came so far. */
    List<String> lines() {
        synchronized (lines) {
            return new ArrayList<>(lines);
        }
    }

    /** The ids of the events that carry data. */
    List<Long> numbers() {
        List<Long> numbers = new ArrayList<>();
        List<String> all = lines();
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
