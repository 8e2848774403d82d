package io.spyhop.engine.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnixAnswerIT {
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private ServerSocketChannel server;

    private final CompletableFuture<String> request = new CompletableFuture<>();

    @BeforeEach
    void listen() throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket()));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 8192, 1_000_000})
    void shouldGiveEveryByteOnceHoweverTheAnswerIsCut(int pieceBytes) throws Exception {
        // Given
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        answer.writeBytes(CHUNKED.getBytes(UTF_8));
        for (int i = 0; i < 2000; i++) {
            byte[] line = ("line " + i + "x".repeat(i % 500 == 0 ? 10_000 : i % 20) + "\n").getBytes(UTF_8);
            body.writeBytes(line);
            answer.writeBytes((Integer.toHexString(line.length) + (i % 2 == 0 ? "\r\n" : ";a=b\r\n")).getBytes(UTF_8));
            answer.writeBytes(line);
            answer.writeBytes("\r\n".getBytes(UTF_8));
        }
        answer.writeBytes("0\r\n\r\n".getBytes(UTF_8));
        say(answer.toByteArray(), pieceBytes);

        // When
        byte[] read;
        try (UnixAnswer got = UnixAnswer.to(socket(), "/some?path")) {
            read = got.getBody().readAllBytes();
        }

        // Then
        assertThat(read).isEqualTo(body.toByteArray());
        assertThat(request.get()).startsWith("GET /some?path HTTP/1.1\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5\r\n", "content-length:5\r\n", ""})
    void shouldGiveTheBodyWhenItHasNoChunks(String header) throws Exception {
        // Given
        say(("HTTP/1.1 404 Not Found\r\n" + header + "Other: x\r\n\r\nhello").getBytes(UTF_8), 3);

        // When
        try (UnixAnswer got = UnixAnswer.to(socket(), "/")) {
            // Then
            assertThat(got.getStatusCode()).isEqualTo(404);
            assertThat(got.getHeader("Other")).isEqualTo("x");
            assertThat(new String(got.getBody().readAllBytes(), UTF_8)).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CHUNKED + "5\r\nhel",
                CHUNKED + "5\r\nhello\r\n",
                CHUNKED + "hello",
                CHUNKED + "5;no end of the line",
                CHUNKED + "ffffffffffffffff\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-",
                "HTTP/1.1 many\r\n\r\n",
                "SSH-2.0-OpenSSH\r\n\r\n",
                ""
            })
    void shouldFailWhenTheAnswerIsBrokenOff(String answer) {
        // Given
        say(answer.getBytes(UTF_8), 100);

        // When // Then
        assertThatThrownBy(() -> {
                    try (UnixAnswer got = UnixAnswer.to(socket(), "/")) {
                        got.getBody().readAllBytes();
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void shouldHandOverWhatHasComeWithoutWaitingForMore() throws Exception {
        // Given
        CompletableFuture<Void> over = new CompletableFuture<>();
        serve(channel -> {
            channel.write(ByteBuffer.wrap((CHUNKED + "5\r\nhello\r\n3\r\n wo").getBytes(UTF_8)));
            over.join();
        });
        byte[] bytes = new byte[100];

        // When
        try (UnixAnswer got = UnixAnswer.to(socket(), "/")) {
            int first = got.getBody().read(bytes, 0, bytes.length);
            int length = first;
            while (length < "hello wo".length()) {
                length += got.getBody().read(bytes, length, bytes.length - length);
            }

            // Then
            assertThat(new String(bytes, 0, length, UTF_8)).isEqualTo("hello wo");
        } finally {
            over.complete(null);
        }
    }

    @Test
    void shouldEndTheReadWhenItIsClosedOrInterruptedInTheMidstOfManyLines() throws Exception {
        for (boolean interrupt : new boolean[] {false, true}) {
            // Given
            serve(channel -> {
                channel.write(ByteBuffer.wrap(CHUNKED.getBytes(UTF_8)));
                while (channel.write(ByteBuffer.wrap("5\r\nhello\r\n".getBytes(UTF_8))) > 0) {
                    // Until nobody reads any more.
                }
            });
            CompletableFuture<Boolean> many = new CompletableFuture<>();
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            UnixAnswer got = UnixAnswer.to(socket(), "/");
            Thread reader = Thread.ofVirtual().start(() -> {
                try {
                    byte[] bytes = new byte[1000];
                    for (int reads = 0; got.getBody().read(bytes, 0, bytes.length) >= 0; reads++) {
                        if (reads == 10_000) {
                            many.complete(true);
                        }
                    }
                } catch (IOException e) {
                    ended.complete(e);
                }
            });
            many.get(10, TimeUnit.SECONDS);

            // When
            if (interrupt) {
                reader.interrupt();
            } else {
                got.close();
            }

            // Then
            assertThat(ended.get(5, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
            got.close();
        }
    }

    private Path socket() {
        return directory.resolve("engine.sock");
    }

    private void say(byte[] answer, int pieceBytes) {
        serve(channel -> {
            for (int at = 0; at < answer.length; at += pieceBytes) {
                ByteBuffer piece = ByteBuffer.wrap(answer, at, Math.min(pieceBytes, answer.length - at));
                while (piece.hasRemaining()) {
                    channel.write(piece);
                }
            }
        });
    }

    private void serve(Script script) {
        Thread.ofVirtual().start(() -> {
            try (SocketChannel channel = server.accept()) {
                ByteBuffer head = ByteBuffer.allocate(1000);
                while (!new String(head.array(), 0, head.position(), UTF_8).endsWith("\r\n\r\n")) {
                    channel.read(head);
                }
                request.complete(new String(head.array(), 0, head.position(), UTF_8));
                script.run(channel);
            } catch (IOException e) {
                request.complete("closed by the client");
            }
        });
    }

    @FunctionalInterface
    private interface Script {
        void run(SocketChannel channel) throws IOException;
    }
}
