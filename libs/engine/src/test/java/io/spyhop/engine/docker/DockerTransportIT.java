package io.spyhop.engine.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.spyhop.engine.ContainerEvent;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.EngineAddress;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EventStream;
import io.spyhop.engine.LogRequest;
import io.spyhop.engine.LogStream;
import io.spyhop.engine.LogUnreadableException;
import io.spyhop.engine.PortConnection;
import io.spyhop.engine.PortException;
import io.spyhop.engine.PortTarget;
import io.spyhop.engine.PortWay;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Engines that hang, refuse and break, played by a socket that says what a test wants. */
class DockerTransportIT {
    /** More than a slow machine takes for an answer. */
    private static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(30);

    /** For engines that never answer: the test waits for as long. */
    private static final Duration HANG_TIME_MAX = Duration.ofMillis(300);

    private static final LogRequest LOG = new LogRequest("c1", false, 0, true);
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    @TempDir
    private Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : opened.reversed()) {
            closeable.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldFailInTimeWhenTheEngineAcceptsAndHangs(boolean tcp) throws Exception {
        // Given
        CompletableFuture<String> disconnected = new CompletableFuture<>();
        DockerEngine engine = engine(tcp, HANG_TIME_MAX, (channel, out) -> {
            while (channel.read(ByteBuffer.allocate(1000)) >= 0) {
                // The client goes away in the end.
            }
            disconnected.complete("gone");
        });

        // When // Then
        assertThatThrownBy(engine::version).isInstanceOf(EngineException.class).hasMessageContaining("did not answer");
        assertThat(disconnected.get(5, TimeUnit.SECONDS)).isEqualTo("gone");
        assertThatThrownBy(() -> engine.logs(LOG)).isInstanceOf(EngineException.class);
        assertThatThrownBy(() -> engine.events(Instant.EPOCH)).isInstanceOf(EngineException.class);
    }

    @Test
    void shouldFailInTimeWhenTheEngineHangsInsideItsAnswer() throws Exception {
        // Given
        DockerEngine engine = engine(false, HANG_TIME_MAX, (channel, out) -> {
            say(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[");
            channel.read(ByteBuffer.allocate(1));
        });

        // When // Then
        assertThatThrownBy(engine::list).isInstanceOf(EngineException.class).hasMessageContaining("did not answer");
    }

    @Test
    void shouldFailWhenNobodyListens() {
        // Given
        DockerEngine engine = DockerEngine.connect(URI.create("unix://" + directory.resolve("nobody.sock")));
        opened.add(engine);

        // When // Then
        assertThatThrownBy(engine::version)
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("cannot be reached");
        assertThatThrownBy(() -> engine.inspect("c1")).isInstanceOf(EngineException.class);
    }

    @Test
    void shouldFailWhenTheAnswerIsNotJson() throws Exception {
        // Given
        DockerEngine engine = engine(false, (channel, out) -> say(out, answer(200, "<html>")));

        // When // Then
        assertThatThrownBy(engine::version).isInstanceOf(EngineException.class);
    }

    @Test
    void shouldRepeatTheEnginesWordsWhenItRefuses() throws Exception {
        // Given
        DockerEngine engine = engine(false, (channel, out) -> say(out, answer(500, "{\"message\":\"disk on fire\"}")));

        // When // Then
        assertThatThrownBy(engine::list)
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("500")
                .hasMessageContaining("disk on fire");
    }

    @ParameterizedTest
    @CsvSource({
        "501,configured logging driver does not support reading,io.spyhop.engine.LogUnreadableException",
        "500,configured logging driver does not support reading,io.spyhop.engine.LogUnreadableException",
        "404,No such container: c1,io.spyhop.engine.ContainerGoneException",
        "409,can not get logs from container which is dead,io.spyhop.engine.ContainerGoneException",
        "500,something else,io.spyhop.engine.EngineException"
    })
    void shouldTellRefusedLogsApart(int status, String message, Class<?> expected) throws Exception {
        // Given
        DockerEngine engine =
                engine(false, (channel, out) -> say(out, answer(status, "{\"message\":\"" + message + "\"}")));

        // When // Then
        assertThatThrownBy(() -> engine.logs(LOG)).isInstanceOf(expected);
        if (expected == EngineException.class) {
            assertThatThrownBy(() -> engine.logs(LOG))
                    .isNotInstanceOfAny(LogUnreadableException.class, ContainerGoneException.class);
        }
    }

    @Test
    void shouldAskForTheNanosecondWhenALogIsResumed() throws Exception {
        // Given
        DockerEngine engine = engine(false, (channel, out) -> say(out, CHUNKED + "0\r\n\r\n"));

        // When
        engine.logs(new LogRequest("c1", false, 1_800_000_000_000_000_042L, false))
                .close();

        // Then
        assertThat(requests.getFirst())
                .startsWith(
                        "GET /containers/c1/logs?stdout=1&stderr=1&timestamps=1&follow=0&since=1800000000.000000042 ");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldFailAndDiscardTheHalfLineWhenTheEngineDiesInsideALog(boolean tcp) throws Exception {
        // Given
        byte[] whole = frame("2026-11-22T03:04:05.1Z whole\n");
        byte[] half = frame("2026-11-22T03:04:05.2Z " + "x".repeat(LineJoiner.PIECE_BYTES));
        DockerEngine engine = engine(tcp, (channel, out) -> {
            say(out, CHUNKED);
            chunk(out, whole);
            chunk(out, half);
        });
        List<String> lines = new CopyOnWriteArrayList<>();

        // When // Then
        try (LogStream log = engine.logs(LOG)) {
            assertThatThrownBy(() -> log.read((stderr, at, bytes, offset, length, partial) ->
                            lines.add(new String(bytes, offset, length, UTF_8))))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("broke off");
        }
        assertThat(lines).containsExactly("whole");
    }

    @Test
    void shouldHandOverTheHalfLineWhenTheEngineEndsALog() throws Exception {
        // Given
        byte[] half = frame("2026-11-22T03:04:05.2Z " + "x".repeat(LineJoiner.PIECE_BYTES));
        DockerEngine engine = engine(false, (channel, out) -> {
            say(out, CHUNKED);
            chunk(out, half);
            say(out, "0\r\n\r\n");
        });
        List<Integer> lengths = new CopyOnWriteArrayList<>();

        // When
        try (LogStream log = engine.logs(LOG)) {
            log.read((stderr, at, bytes, offset, length, partial) -> lengths.add(length));
        }

        // Then
        assertThat(lengths).containsExactly(LineJoiner.PIECE_BYTES);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndABlockedReadAtOnceWhenItIsClosed(boolean tcp) throws Exception {
        // Given
        DockerEngine engine = engine(tcp, (channel, out) -> {
            say(out, CHUNKED);
            chunk(out, frame("2026-11-22T03:04:05.1Z whole\n"));
            channel.read(ByteBuffer.allocate(1));
        });
        LogStream log = engine.logs(LOG);
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> ended = new CompletableFuture<>();
        // A platform thread: closing must not depend on how virtual threads wait.
        Thread.ofPlatform().start(() -> {
            try {
                log.read((stderr, at, bytes, offset, length, partial) -> first.complete("line"));
                ended.complete("normally");
            } catch (InterruptedException | RuntimeException e) {
                ended.completeExceptionally(e);
            }
        });
        first.get(5, TimeUnit.SECONDS);

        // When
        log.close();

        // Then
        assertThat(ended.get(2, TimeUnit.SECONDS)).isEqualTo("normally");
    }

    @Test
    void shouldHandOutWhatIsQueuedThenFailWhenEventsAreLost() throws Exception {
        // Given
        int sent = DockerEventStream.QUEUED_MAX + 10;
        DockerEngine engine = engine(false, (channel, out) -> {
            say(out, CHUNKED);
            for (int i = 0; i < sent; i++) {
                chunk(out, event("start", i));
            }
            channel.read(ByteBuffer.allocate(1));
        });
        int taken = 0;

        // When
        try (EventStream events = engine.events(Instant.EPOCH)) {
            await().until(() -> requests.contains("closed by the client"));
            while (taken < DockerEventStream.QUEUED_MAX) {
                ContainerEvent event = events.next(Duration.ofSeconds(5));
                assertThat(event).isNotNull();
                taken++;
            }

            // Then
            assertThatThrownBy(() -> events.next(Duration.ofSeconds(5)))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("events were lost");
        }
    }

    @Test
    void shouldPassOverUnknownEventsAndFailWhenTheSubscriptionBreaks() throws Exception {
        // Given
        DockerEngine engine = engine(false, (channel, out) -> {
            say(out, CHUNKED);
            chunk(out, event("exec_create: ls", 1));
            chunk(out, event("health_status: unhealthy", 1));
            chunk(out, "{\"Type\":\"network\",\"Action\":\"start\",\"Actor\":{\"ID\":\"n\"}}\n".getBytes(UTF_8));
            chunk(out, event("die", 2));
        });

        // When
        try (EventStream events = engine.events(Instant.ofEpochSecond(5, 6))) {
            ContainerEvent health = events.next(Duration.ofSeconds(5));
            ContainerEvent event = events.next(Duration.ofSeconds(5));

            // Then
            assertThat(health).isNotNull().extracting(ContainerEvent::action).isEqualTo("health_status");
            assertThat(event)
                    .isEqualTo(new ContainerEvent(
                            Instant.ofEpochSecond(1, 2), "c1", "die", java.util.Map.of("exitCode", "3")));
            assertThatThrownBy(() -> events.next(Duration.ofSeconds(5))).isInstanceOf(EngineException.class);
        }
        assertThat(requests.getFirst()).startsWith("GET /events?since=5.000000006&filters=%7B");
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, true", "'', true", "::, true", "127.0.0.1, false"})
    void shouldConnectToAPublishedPortOfAnotherMachineUnlessOnlyThatMachineGetsThere(String bound, boolean connects)
            throws Exception {
        // Given
        try (ServerSocket published = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String ports = "{\"NetworkSettings\":{\"Ports\":{\"9090/tcp\":null,\"8080/tcp\":[{\"HostIp\":\"" + bound
                    + "\",\"HostPort\":\"" + published.getLocalPort() + "\"}]}}}";
            DockerEngine engine = engine(true, (channel, out) -> say(out, answer(200, ports)));
            PortTarget target = new PortTarget("c1", 7L, List.of("172.17.0.2"), 8080);
            PortTarget other = new PortTarget("c1", 7L, List.of("172.17.0.2"), 9090);

            // When // Then
            if (connects) {
                try (PortConnection connection = engine.connect(target, ANSWER_TIME_MAX)) {
                    assertThat(connection.way()).isEqualTo(PortWay.ADDRESS);
                    assertThat(connection.channel().socket().getPort()).isEqualTo(published.getLocalPort());
                }
            } else {
                assertThatThrownBy(() -> engine.connect(target, ANSWER_TIME_MAX))
                        .isInstanceOf(PortException.class);
            }
            assertThatThrownBy(() -> engine.connect(other, ANSWER_TIME_MAX))
                    .isInstanceOfSatisfying(
                            PortException.class, e -> assertThat(e.reason()).isEqualTo(PortException.Reason.NO_WAY));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:2375", "unix://", "tcp://localhost", "/var/run/docker.sock", "ssh://a:1"})
    void shouldRefuseAnAddressWhenItsFormIsUnknown(String address) {
        // When // Then
        assertThatThrownBy(() -> DockerEngine.connect(URI.create(address.equals("unix://") ? "unix:///" : address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("://");
    }

    private DockerEngine engine(boolean tcp, Script script) throws IOException {
        return engine(tcp, ANSWER_TIME_MAX, script);
    }

    private DockerEngine engine(boolean tcp, Duration answerTimeMax, Script script) throws IOException {
        SocketAddress address = tcp
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)
                : UnixDomainSocketAddress.of(directory.resolve("engine.sock"));
        ServerSocketChannel server =
                tcp ? ServerSocketChannel.open() : ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX);
        server.bind(address);
        opened.add(server);
        Thread.ofVirtual().start(() -> accept(server, script));
        URI host = tcp
                ? URI.create("tcp://127.0.0.1:" + server.socket().getLocalPort())
                : URI.create("unix://" + directory.resolve("engine.sock"));
        DockerEngine engine = DockerEngine.connect(new EngineAddress(host, null), answerTimeMax, false);
        opened.add(engine);
        return engine;
    }

    private void accept(ServerSocketChannel server, Script script) {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                Thread.ofVirtual().start(() -> serve(channel, script));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void serve(SocketChannel channel, Script script) {
        try (channel) {
            ByteBuffer request = ByteBuffer.allocate(16 * 1024);
            String head = "";
            while (!head.contains("\r\n\r\n") && channel.read(request) >= 0) {
                head = new String(request.array(), 0, request.position(), UTF_8);
            }
            requests.add(head);
            script.run(channel, Channels.newOutputStream(channel));
        } catch (IOException e) {
            requests.add("closed by the client");
        }
        requests.add("closed by the client");
    }

    private static String answer(int status, String body) {
        return "HTTP/1.1 " + status + " Any\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n"
                + body;
    }

    private static void say(OutputStream out, String text) {
        try {
            out.write(text.getBytes(UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void chunk(OutputStream out, byte[] bytes) throws IOException {
        out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(UTF_8));
        out.write(bytes);
        out.write("\r\n".getBytes(UTF_8));
    }

    private static byte[] frame(String payload) {
        byte[] bytes = payload.getBytes(UTF_8);
        return ByteBuffer.allocate(8 + bytes.length)
                .put((byte) 1)
                .put(new byte[3])
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    private static byte[] event(String action, int nanos) {
        return ("{\"Type\":\"container\",\"Action\":\"" + action
                        + "\",\"Actor\":{\"ID\":\"c1\",\"Attributes\":{\"exitCode\":\"3\"}},\"time\":1,\"timeNano\":"
                        + (1_000_000_000L + nanos) + "}\n")
                .getBytes(UTF_8);
    }

    @FunctionalInterface
    private interface Script {
        void run(SocketChannel channel, OutputStream out) throws IOException;
    }
}
