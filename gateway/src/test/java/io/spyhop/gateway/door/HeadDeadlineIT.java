package io.spyhop.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a server of its own, whose deadline passes while a test waits. */
class HeadDeadlineIT {
    private static final Duration LIMIT = Duration.ofMillis(600);
    private static final String HEAD = "GET / HTTP/1.1\r\nHost: localhost\r\n";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final HeadDeadline deadline = new HeadDeadline(LIMIT, registry);
    private final AtomicInteger requests = new AtomicInteger();
    private final List<Socket> opened = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void listen() {
        server = vertx.createHttpServer()
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : opened) {
            socket.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void shouldEndAThousandConnectionsWhoseHeadsNeverEndAndServeOthersMeanwhile() throws IOException {
        // Given
        Socket other = open(HEAD + "\r\n");
        assertThat(answer(other)).isEqualTo("HTTP/1.1 200 OK");
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            slow.add(open(i % 2 == 0 ? HEAD + "X-Slow: " : ""));
        }

        // When / Then: whatever they send
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            slow.removeIf(HeadDeadlineIT::hasEnded);
            slow.forEach(socket -> write(socket, "x"));
            return slow.isEmpty();
        });
        assertThat(ended()).isEqualTo(1000);
        // Then: also on the connection that was there before
        write(other, HEAD + "\r\n");
        assertThat(answer(other)).isEqualTo("HTTP/1.1 200 OK");
        assertThat(requests).hasValue(2);
    }

    @Test
    void shouldEndAConnectionWhenALaterHeadDoesNotEnd() throws IOException {
        // Given
        Socket socket = open(HEAD + "\r\n");
        assertThat(answer(socket)).isEqualTo("HTTP/1.1 200 OK");

        // When
        write(socket, HEAD);

        // Then
        await().until(() -> hasEnded(socket));
        assertThat(ended()).isEqualTo(1);
        assertThat(requests).hasValue(1);
    }

    @Test
    void shouldLeaveAloneWhatIsQuietWhatIsStreamedAndWhatSpeaksSomethingElse() throws IOException {
        // Given
        Socket quiet = open(HEAD + "\r\n");
        Socket streamed = open(HEAD.replace("/ ", "/held ") + "\r\n");
        Socket body = open(HEAD.replace("GET", "POST") + "Content-Length: 2\r\n\r\n1");
        Socket upgraded = open(HEAD.replace("/ ", "/ws ") + "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        await().until(() -> requests.get() == 4);
        // A later head that ends.
        answer(quiet);
        write(quiet, HEAD);
        write(quiet, "\r\n");
        // An empty frame, as the client's, so that bytes come that are no head.
        write(upgraded, "\u0082\u0080\u0000\u0000\u0000\u0000");

        // When: what is opened after them was ended
        Socket slow = open(HEAD);
        await().until(() -> hasEnded(slow));
        Socket slower = open(HEAD);
        await().until(() -> hasEnded(slower));

        // Then
        assertThat(List.of(quiet, streamed, body, upgraded)).noneMatch(HeadDeadlineIT::hasEnded);
        assertThat(ended()).isEqualTo(2);
    }

    private void answer(HttpServerRequest request) {
        deadline.passed(request);
        requests.incrementAndGet();
        switch (request.path()) {
            case "/held" -> request.response().setChunked(true).write("begun");
            case "/ws" -> request.toWebSocket().onSuccess(ServerWebSocket::resume);
            default -> request.body().onSuccess(body -> request.response().end());
        }
    }

    private double ended() {
        return registry.get("spyhop.http.connections.ended").counter().count();
    }

    private Socket open(String text) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
        opened.add(socket);
        write(socket, text);
        return socket;
    }

    private static void write(Socket socket, String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // It has ended meanwhile.
        }
    }

    /** The first line of an answer without a body, of which nothing is left. */
    private static String answer(Socket socket) throws IOException {
        String first = line(socket);
        while (!line(socket).isEmpty()) {
            // A header.
        }
        return first;
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c >= 0 && c != '\n';
                c = socket.getInputStream().read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    /** Reads what came, and tells whether nothing more will. */
    private static boolean hasEnded(Socket socket) {
        try {
            socket.setSoTimeout(1);
            while (socket.getInputStream().read() >= 0) {
                // An answer, or a part of it.
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
