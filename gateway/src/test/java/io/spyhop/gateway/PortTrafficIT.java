package io.spyhop.gateway;

import static io.spyhop.gateway.PortClient.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.gateway.PortClient.Answer;
import io.spyhop.gateway.ports.PortsTable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes through a port's host, to a program on a loopback that a network namespace must be entered for, and back. */
@QuarkusTest
@WithTestResource(Backends.class)
class PortTrafficIT {
    private static final long GIB = 1L << 30;
    private static final long HELD_MAX = 48L * 1024 * 1024;

    @Inject
    Vertx vertx;

    @Inject
    PortsTable table;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    private Program program;
    private PortClient client;

    @BeforeEach
    void start() {
        program = Program.start(vertx, table);
        client = new PortClient(vertx, port);
    }

    @AfterEach
    void stop() {
        client.close();
        program.close();
    }

    @Test
    void shouldComeAsItWasSentWhenARequestGoesThrough() {
        // When
        Answer answer = client.send(
                HttpMethod.PUT,
                program,
                "/echo?a=%2F&b=//x",
                Buffer.buffer("body"),
                "X-Own",
                "own",
                "Connection",
                "keep-alive, X-Hop",
                "X-Hop",
                "1",
                "X-Forwarded-For",
                "6.6.6.6");

        // Then
        assertThat(answer.status()).isEqualTo(200);
        JsonObject seen = new JsonObject(answer.text());
        JsonObject headers = seen.getJsonObject("headers");
        assertThat(seen.getString("method")).isEqualTo("PUT");
        assertThat(seen.getString("uri")).isEqualTo("/echo?a=%2F&b=//x");
        assertThat(seen.getString("body")).isEqualTo("body");
        assertThat(headers.getString("host")).isEqualTo(program.host() + ":" + port);
        assertThat(headers.getString("x-own")).isEqualTo("own");
        assertThat(headers.getString("x-forwarded-for")).isEqualTo("127.0.0.1");
        assertThat(headers.getString("x-forwarded-host")).isEqualTo(program.host() + ":" + port);
        assertThat(headers.getString("x-forwarded-proto")).isEqualTo("http");
        assertThat(headers.getString("forwarded"))
                .isEqualTo("for=127.0.0.1;host=\"" + program.host() + ":" + port + "\";proto=http");
        assertThat(headers.fieldNames()).doesNotContain("x-hop", "authorization");
        // Then: nothing of the dashboard's origin is in the answer
        assertThat(answer.headers().names())
                .doesNotContain("Content-Security-Policy", "X-Frame-Options", "Spyhop-Trace");
    }

    @Test
    void shouldKeepWhatIsOfOneConnectionWhenAContainerAnswers() {
        // When
        Answer answer = client.get(program, "/cookies");

        // Then
        assertThat(answer.headers().getAll("Set-Cookie")).containsExactly("a=1; Path=/", "b=2");
        assertThat(answer.headers().contains("X-Hop")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304, 404, 500})
    void shouldPassAStatusOnAsItIs(int status) {
        // When
        Answer answer = client.get(program, "/" + status);
        Answer head = client.send(HttpMethod.HEAD, program, "/" + status, Buffer.buffer());

        // Then: also the second one on the same connections
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().length()).isZero();
        assertThat(head.status()).isEqualTo(status);
        assertThat(client.raw(program, "GET /" + status + " HTTP/1.1"))
                .startsWith("HTTP/1.1 " + status + " ")
                .satisfies(raw -> {
                    if (status == 204) {
                        assertThat(raw.toLowerCase(Locale.ROOT)).doesNotContain("transfer-encoding", "content-length");
                    }
                });
    }

    @Test
    void shouldPassTrailersOnWhenAContainerSendsThem() {
        // When
        Answer answer = client.get(program, "/trailers", "TE", "trailers");

        // Then
        assertThat(answer.text()).isEqualTo("body");
        assertThat(answer.trailers().get("X-Sum")).isEqualTo("42");
        assertThat(answer.header("Trailer")).isEqualTo("X-Sum");
    }

    @Test
    void shouldShowEachEventAtOnceWhenAContainerStreams() throws Exception {
        // Given
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        Future<HttpClientResponse> answer = client.request(HttpMethod.GET, program, "/held")
                .send()
                .onSuccess(response -> response.handler(part -> events.add(part.toString())));
        HttpServerResponse stream = program.takeHeld();
        stream.putHeader("Content-Type", "text/event-stream").setChunked(true);

        // When / Then: nothing more is sent before the one before has come
        for (int i = 0; i < 5; i++) {
            String event = "data: " + i + "\n\n";
            stream.write(event);
            assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(event);
        }
        assertThat(await(answer).getHeader("Content-Type")).isEqualTo("text/event-stream");
        stream.end();
    }

    @Test
    void shouldCarryAGibibyteEachWay() {
        // Given
        AtomicLong got = new AtomicLong();

        // When
        Future<Void> down = client.request(HttpMethod.GET, program, "/bytes?" + GIB)
                .send()
                .compose(response -> {
                    response.handler(part -> got.addAndGet(part.length()));
                    return response.end();
                });
        await(down);
        HttpClientRequest upload =
                client.request(HttpMethod.POST, program, "/count", "Content-Length", Long.toString(GIB));
        Future<Buffer> up = upload.response().compose(HttpClientResponse::body);
        vertx.runOnContext(begin -> write(upload, GIB));

        // Then
        assertThat(got.get()).isEqualTo(GIB);
        assertThat(await(up).toString()).isEqualTo(Long.toString(GIB));
    }

    @Test
    void shouldHoldLittleWhenTheClientDoesNotRead() {
        // When
        Future<HttpClientResponse> answer =
                client.request(HttpMethod.GET, program, "/endless").send().onSuccess(HttpClientResponse::pause);
        HttpClientResponse response = await(answer);
        awaitRest(program::written);

        // Then: what the kernel's sockets and some buffers hold, and the program waits
        assertThat(program.written()).isLessThan(HELD_MAX);
        // Then: a client that goes ends it in the container too
        response.request().reset();
    }

    @Test
    void shouldHoldLittleWhenTheContainerDoesNotRead() throws Exception {
        // Given
        HttpClientRequest upload = client.request(HttpMethod.POST, program, "/unread");
        upload.setChunked(true);
        AtomicLong written = new AtomicLong();
        upload.write("x");
        HttpServerResponse held = program.takeHeld();

        // When: the program has not read anything, for nobody asked it to
        vertx.runOnContext(begin -> flood(upload, written));
        awaitRest(written::get);

        // Then
        assertThat(written.get()).isLessThan(HELD_MAX);
        held.setStatusCode(413).end();
        assertThat(await(upload.response()).statusCode()).isEqualTo(413);
    }

    @Test
    void shouldGoOnWhenTheClientWantsToBeAskedForTheBody() {
        // When
        String answer = client.raw(program, "POST /count HTTP/1.1", "Expect: 100-continue", "Content-Length: 0");

        // Then
        assertThat(answer).startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n");
    }

    @Test
    void shouldTellWhenAContainerDiesBeforeItAnswers() {
        // Given
        Answer json = client.get(program, "/die");

        // When
        Answer page = client.get(program, "/die", "Accept", "text/html");

        // Then
        assertThat(json.status()).isEqualTo(502);
        assertThat(json.text()).contains("\"code\":\"port-away\"", "ended the connection without an answer");
        assertThat(page.status()).isEqualTo(502);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.text()).contains("<h1>The port does not answer</h1>", program.label());
        assertThat(client.get(program, "/200").status()).isEqualTo(200);
    }

    @Test
    void shouldBreakTheAnswerOffWhenAContainerDiesInTheMiddle() {
        // When
        String answer = client.raw(program, "GET /die-later HTTP/1.1");

        // Then: it does not look complete
        assertThat(answer).startsWith("HTTP/1.1 200 OK").contains("begun").doesNotEndWith("0\r\n\r\n");
    }

    @Test
    void shouldTalkBothWaysWhenAWebSocketIsOpened() throws Exception {
        // Given
        BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        BlockingQueue<Buffer> blocks = new LinkedBlockingQueue<>();
        Promise<Void> closed = Promise.promise();
        Buffer large = Buffer.buffer(new byte[4 * 1024 * 1024]).setByte(4_000_000, (byte) 7);

        // When
        Future<WebSocket> opening = client.webSocket(program, "/ws").onSuccess(socket -> {
            socket.textMessageHandler(texts::add);
            socket.binaryMessageHandler(blocks::add);
            socket.closeHandler(closed::complete);
        });
        WebSocket socket = await(opening);

        // Then: also what came together with the handshake
        assertThat(texts.poll(10, TimeUnit.SECONDS)).isEqualTo("hello " + program.host() + ":" + port);
        socket.writeTextMessage("a");
        assertThat(texts.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
        socket.writeBinaryMessage(large);
        assertThat(blocks.poll(10, TimeUnit.SECONDS)).isEqualTo(large);
        socket.close();
        await(closed.future());
    }

    @Test
    void shouldPassTheReasonOnWhenTheContainerClosesAWebSocket() {
        // Given
        Promise<List<Object>> closed = Promise.promise();

        // When
        client.webSocket(program, "/ws-close")
                .onSuccess(socket -> socket.closeHandler(
                        nothing -> closed.complete(List.of(socket.closeStatusCode(), socket.closeReason()))));

        // Then
        assertThat(await(closed.future())).isEqualTo(List.of((short) 4000, "enough"));
    }

    @Test
    void shouldPassTheRefusalOnWhenTheContainerWantsNoWebSocket() {
        // When / Then
        assertThatThrownBy(() -> await(client.webSocket(program, "/nothing")))
                .hasRootCauseInstanceOf(UpgradeRejectedException.class)
                .rootCause()
                .hasMessageContaining("418");
    }

    @Test
    void shouldHoldLittleWhenTheClientOfAWebSocketDoesNotRead() {
        // When
        Future<WebSocket> opening = client.webSocket(program, "/ws-endless").onSuccess(socket -> {
            socket.pause();
            socket.writeTextMessage("begin");
        });
        WebSocket socket = await(opening);
        awaitRest(program::written);

        // Then
        assertThat(program.written()).isLessThan(HELD_MAX);
        socket.close();
    }

    @Test
    void shouldServeMoreStreamsThanAPoolUsuallyHolds() throws Exception {
        // Given
        List<WebSocket> sockets = Collections.synchronizedList(new ArrayList<>());

        // When
        for (int i = 0; i < 100; i++) {
            client.webSocket(program, "/ws").onSuccess(sockets::add);
        }

        // Then
        await().until(() -> sockets.size() == 100);
        assertThat(client.get(program, "/200").status()).isEqualTo(200);
    }

    @Test
    void shouldFindOutThatAProgramSpeaksTlsWhenItIsOpenedFirst() {
        // Given
        try (Program tls = Program.start(vertx, table, "acme", null, true)) {
            // When
            Answer first = client.get(tls, "/echo?x");
            Answer second = client.get(tls, "/echo?x");

            // Then: the client is asked to ask again, once
            assertThat(first.status()).isEqualTo(307);
            assertThat(first.header("Location")).isEqualTo("/echo?x");
            assertThat(second.status()).isEqualTo(200);
            assertThat(new JsonObject(second.text()).getString("uri")).isEqualTo("/echo?x");
        }
    }

    private void write(HttpClientRequest to, long count) {
        Buffer block = Buffer.buffer(new byte[64 * 1024]);
        long left = count;
        while (left > 0 && !to.writeQueueFull() && !to.response().isComplete()) {
            to.write(block);
            left -= block.length();
        }
        long rest = left;
        if (rest == 0) {
            to.end();
        } else {
            to.drainHandler(drained -> write(to, rest));
        }
    }

    private void flood(HttpClientRequest to, AtomicLong written) {
        Buffer block = Buffer.buffer(new byte[64 * 1024]);
        // A request that was broken off takes everything at once.
        while (!to.writeQueueFull() && !to.response().isComplete()) {
            to.write(block);
            written.addAndGet(block.length());
        }
        to.drainHandler(drained -> flood(to, written));
    }

    /** Waits until nothing moves any more. */
    private static void awaitRest(LongSupplier count) {
        await().pollInterval(Duration.ofMillis(200)).until(new Callable<>() {
            private long last = -1;

            @Override
            public Boolean call() {
                long before = last;
                last = count.getAsLong();
                return last > 0 && last == before;
            }
        });
    }
}
