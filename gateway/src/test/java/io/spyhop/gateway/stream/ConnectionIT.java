package io.spyhop.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that reads when the test says so, and a writer that gives it more than the network keeps. */
class ConnectionIT {
    private static final int PIECE = 64 * 1024;
    private static final int PIECES = 2000;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final CompletableFuture<Throwable> broken = new CompletableFuture<>();
    private final CompletableFuture<Boolean> written = new CompletableFuture<>();
    private Vertx vertx;
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        server = vertx.createHttpServer()
                .requestHandler(request -> write(request.response()))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void write(HttpServerResponse response) {
        Connection connection = new Connection(response.setChunked(true), PATIENCE);
        Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; i < PIECES; i++) {
                    connection.send(Buffer.buffer(new byte[PIECE]));
                }
                connection.end();
                written.complete(true);
            } catch (InterruptedException | RuntimeException e) {
                broken.complete(e);
            }
        });
    }

    private Socket ask() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void shouldGiveUpWhenTheClientTakesNothing() throws Exception {
        try (Socket client = ask()) {
            assertThat(client.isConnected()).isTrue();

            // Then
            assertThat(broken.get(20, TimeUnit.SECONDS)).isInstanceOf(ClientStalledException.class);
        }
    }

    @Test
    void shouldWriteToTheEndWhenTheClientReads() throws Exception {
        try (Socket client = ask()) {
            // When
            client.getInputStream().skipNBytes((long) PIECE * PIECES);

            // Then
            assertThat(written.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
