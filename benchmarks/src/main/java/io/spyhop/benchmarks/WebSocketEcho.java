package io.spyhop.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;

/**
 * The program in a container that takes WebSockets, and sends what comes back as it came: whoever is between looks into no
 * frame, and so does the client of {@link WebSocketsPart}.
 */
final class WebSocketEcho {
    /** What RFC 6455 puts behind a client's key. */
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final String KEY = "sec-websocket-key:";

    private WebSocketEcho() {}

    /** Listens on a port. */
    public static void main(String[] arguments) throws IOException {
        try (ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]), 1024)) {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> talk(socket));
            }
        }
    }

    private static void talk(Socket client) {
        try (Socket socket = client) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            String key = "";
            for (String row = row(in); !row.isEmpty(); row = row(in)) {
                if (row.toLowerCase(Locale.ROOT).startsWith(KEY)) {
                    key = row.substring(KEY.length()).strip();
                }
            }
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
            out.write(("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] bytes = new byte[512];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                out.write(bytes, 0, count);
            }
        } catch (IOException | GeneralSecurityException e) {
            // The client has gone.
        }
    }

    /** One row of a head, without its end. */
    static String row(InputStream in) throws IOException {
        StringBuilder row = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection has ended");
            }
            if (c != '\r') {
                row.append((char) c);
            }
        }
        return row.toString();
    }
}
