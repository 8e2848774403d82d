package io.spyhop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LineBatch;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.gateway.stream.FakeStore;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicPublisher;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class StreamIT {
    private static final String ADMIN = Backends.ADMIN;
    private static final WorkloadId SHOP = new WorkloadId("acme-shop");
    private static final WorkloadId APP = new WorkloadId("acme-app");
    private static final String STREAM = "/api/v1/workloads/acme-shop/logs/stream";

    @Inject
    FakeStore store;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    private TopicPublisher publisher;
    private final List<Http> open = new ArrayList<>();

    @BeforeEach
    void begin() {
        publisher = new TopicPublisher(new KafkaConnection(brokers, "test", "0"));
    }

    @AfterEach
    void end() throws IOException {
        for (Http http : open) {
            http.close();
        }
        publisher.close();
    }

    @Test
    void shouldResumeStrictlyAfterTheLastEventWhenAClientComesBack() {
        // Given
        long before = last(SHOP);
        publish(store.store(SHOP, 20));
        Http first = stream(STREAM + "?since=" + before);
        awaitNumbers(first, before + 1, before + 20);
        publish(store.store(SHOP, 5));
        awaitNumbers(first, before + 1, before + 25);
        store.store(SHOP, 10);

        // When
        Http second = stream(STREAM + "?tail=3", "Last-Event-ID: " + (before + 23));
        publish(store.store(SHOP, 5));

        // Then
        awaitNumbers(second, before + 24, before + 40);
        awaitNumbers(first, before + 1, before + 40);
        assertThat(second.lines())
                .contains("content-type: text/event-stream", "X-Accel-Buffering: no")
                .contains("cache-control: no-cache, no-transform");
    }

    @Test
    void shouldCarryTheCursorInKeepAlivesWhenNothingHappens() {
        // Given
        store.store(SHOP, 2);
        long last = last(SHOP);

        // When
        Http http = stream(STREAM);

        // Then
        await().untilAsserted(() -> assertThat(http.lines())
                .containsSequence(": keep-alive", "id: " + last, "", ": keep-alive", "id: " + last, ""));
    }

    @Test
    void shouldFindALostBatchAtTheNextKeepAlive() {
        // Given
        long before = last(SHOP);
        Http http = stream(STREAM + "?since=" + before);
        await().until(() -> http.lines().contains(": keep-alive"));

        // When
        store.store(SHOP, 4);

        // Then
        awaitNumbers(http, before + 1, before + 4);
    }

    @Test
    void shouldGoOnWhenARecordIsNoBatchOfLines() {
        // Given
        long before = last(SHOP);
        Http http = stream(STREAM + "?since=" + before);
        await().until(() -> http.lines().contains(": keep-alive"));

        // When
        for (Map<String, byte[]> headers : List.of(Map.<String, byte[]>of(), Map.of("spyhop-batch", new byte[] {1}))) {
            publisher
                    .publish(Topics.LINES, RecordKey.of(SHOP), new byte[] {1, 2, 3}, headers)
                    .join();
        }
        publish(store.store(SHOP, 4));

        // Then
        awaitNumbers(http, before + 1, before + 4);
    }

    @Test
    void shouldNotSlowOthersAndBeCaughtUpWhenAClientStopsReading() {
        // Given
        long before = last(SHOP);
        Http stalled = Http.open(port, STREAM + "?since=" + before, ADMIN);
        open.add(stalled);
        Http quick = stream(STREAM + "?since=" + before);
        await().until(() -> quick.lines().contains(": keep-alive"));

        // When
        for (int i = 0; i < 300; i++) {
            publish(store.store(SHOP, 300));
        }
        awaitNumbers(quick, before + 1, before + 90_000);
        stalled.read();

        // Then
        awaitNumbers(stalled, before + 1, before + 90_000);
    }

    @Test
    void shouldReadTheSameLinesWhenOverAWebSocket() {
        // Given
        long before = last(SHOP);
        store.store(SHOP, 1500);
        Messages messages = new Messages();

        // When
        WebSocket socket = webSocket("/api/v1/workloads/acme-shop/logs/ws?since=" + before, messages);
        publish(store.store(SHOP, 5));
        await().untilAsserted(() -> assertThat(messages.numbers()).hasSize(1505));
        for (int i = 0; i < 100; i++) {
            publish(store.store(SHOP, 100));
        }

        // Then
        await().untilAsserted(() -> assertThat(messages.numbers()).hasSize(11_505));
        assertThat(messages.numbers())
                .isEqualTo(LongStream.rangeClosed(before + 1, before + 11_505)
                        .boxed()
                        .toList());
        assertThat(socket.isInputClosed()).isFalse();
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        await().until(socket::isInputClosed);
    }

    @Test
    void shouldRefuseAWebSocketWhenItComesFromAnotherSite() {
        // Given
        HttpClient client = HttpClient.newHttpClient();
        URI uri = URI.create("ws://localhost:" + port + "/api/v1/workloads/acme-shop/logs/ws");

        // Then
        assertThat(handshakeStatus(
                        client.newWebSocketBuilder()
                                .header("Authorization", "Bearer " + ADMIN)
                                .header("Origin", "https://evil.example.com"),
                        uri))
                .isEqualTo(403);
        assertThat(handshakeStatus(client.newWebSocketBuilder(), uri)).isEqualTo(401);
    }

    @Test
    void shouldShowOnlyWhatMatchesWhenFiltered() {
        // Given
        long before = last(SHOP);
        say("stderr", "old needle");
        String filter = "since=" + before + "&stream=stderr,system&q=NEEDLE&fields.user.id=7&strip=ansi";
        Http http = stream(STREAM + "?" + filter);
        Messages messages = new Messages();
        WebSocket socket = webSocket("/api/v1/workloads/acme-shop/logs/ws?" + filter, messages);
        awaitNumbers(http, before + 1, before + 1);

        // When
        publish(store.store(SHOP, 5));
        publish(say("stderr", "new \\" + "u001b[1mneedle"));
        publish(say("stdout", "new needle"));

        // Then
        await().untilAsserted(() -> assertThat(http.numbers()).containsExactly(before + 1, before + 7));
        await().untilAsserted(() -> assertThat(http.lines()).contains("id: " + (before + 8)));
        assertThat(http.lines()).anyMatch(line -> line.contains("\"message\":\"new needle\""));
        await().untilAsserted(() -> assertThat(messages.numbers()).containsExactly(before + 1, before + 7));
        socket.abort();
        Http resumed = stream(STREAM + "?q=needle", "Last-Event-ID: " + (before + 1));
        await().untilAsserted(() -> assertThat(resumed.numbers()).containsExactly(before + 7, before + 8));
    }

    @Test
    void shouldTellWhatRetentionRemovedWhenAReaderPassesOverIt() {
        // Given
        WorkloadId workload = new WorkloadId("acme-service");
        store.store(workload, 20);
        long last = last(workload);
        store.remove(workload, last - 5);
        String address = "/api/v1/workloads/acme-service/logs/";
        String gap = "{\"from\":" + (last - 9) + ",\"to\":" + (last - 5) + ",\"reason\":\"retention\"}";

        // When
        Http http = stream(address + "stream?since=" + (last - 10));
        List<String> rows = new CopyOnWriteArrayList<>();
        WebSocket socket = webSocket(address + "ws?since=" + (last - 10), new WebSocket.Listener() {
            @Override
            public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean whole) {
                rows.add(data.toString());
                return WebSocket.Listener.super.onText(from, data, whole);
            }
        });

        // Then
        awaitNumbers(http, last - 4, last);
        assertThat(http.lines()).containsSequence("id: " + (last - 5), "event: gap", "data: " + gap, "");
        await().untilAsserted(() -> assertThat(rows).contains("{\"gap\":" + gap + "}\n"));
        socket.abort();
    }

    @Test
    void shouldDropRatherThanLagWhenAskedTo() {
        // Given
        Http http = Http.open(port, STREAM + "?onLag=drop", ADMIN);
        open.add(http);
        Http quick = stream(STREAM + "?onLag=drop");
        await().until(() -> quick.lines().contains(": keep-alive"));

        // When
        for (int i = 0; i < 200; i++) {
            publish(store.store(SHOP, 200));
        }
        long last = last(SHOP);
        await().until(() -> quick.lines().contains("id: " + last));
        http.read();

        // Then
        await().until(() -> http.lines().contains("id: " + last));
        assertThat(http.lines()).anyMatch(line -> line.contains(" messages dropped ..."));
        assertThat(http.numbers().size()).isLessThan(40_000);
    }

    @Test
    void shouldShowAnAppsLinesAsAStreamWhenJsonIsNotAskedFor() {
        // Given
        Http http = stream("/api/v1/apps/chat/logs", "Accept: */*");
        await().until(() -> http.lines().contains(": keep-alive"));

        // When
        publish(store.store(APP, 3));

        // Then
        await().untilAsserted(() -> assertThat(http.lines())
                .filteredOn(line -> line.startsWith("data: {\"lineNo\":"))
                .hasSize(3));
        assertThat(http.lines()).noneMatch(line -> line.startsWith("id:"));
        assertThat(Http.exchange(
                        port,
                        "GET /api/v1/apps/chat/logs HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
                                + "Connection: close\r\nAuthorization: Bearer " + ADMIN + "\r\n\r\n"))
                .contains("{\"items\":[{\"lineNo\":");
    }

    @Test
    void shouldTellAnAppsClientWhatWasDroppedWhenItFallsBehind() {
        // Given
        Http http = Http.open(port, "/api/v1/apps/chat/logs", ADMIN);
        open.add(http);
        Http quick = stream("/api/v1/apps/chat/logs");
        await().until(() -> quick.lines().contains(": keep-alive"));
        for (int i = 0; i < 200; i++) {
            publish(store.store(APP, 200));
        }
        long last = last(APP);
        await().until(() -> quick.lines().stream().anyMatch(line -> line.contains("\"lineNo\":" + last + ",")));

        // When
        http.read();

        // Then
        await().until(() -> http.lines().stream().anyMatch(line -> line.contains("\"lineNo\":" + last + ",")));
        assertThat(http.lines())
                .anyMatch(line -> line.matches(
                        "data: \\{\"level\":\"system\",\"message\":\"\\.\\.\\. \\d+ messages dropped \\.\\.\\.\"}"));
    }

    @Test
    void shouldEndTheStreamsOfATokenWhenItIsRevoked() {
        // Given
        String minted = Http.exchange(port, post("{\"name\":\"to revoke\",\"role\":\"viewer\"}"));
        Matcher fields =
                Pattern.compile("\"id\":\"([^\"]+)\".*\"token\":\"([^\"]+)\"").matcher(minted);
        assertThat(fields.find()).isTrue();
        Http http = Http.open(port, STREAM, fields.group(2)).read();
        open.add(http);
        await().until(() -> http.lines().contains(": keep-alive"));

        // When
        Http.exchange(
                port,
                "DELETE /api/v1/tokens/" + fields.group(1)
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + ADMIN
                        + "\r\n\r\n");

        // Then
        await().until(() -> http.lines().contains("<end>"));
    }

    @Test
    void shouldRefuseMoreStreamsWhenATokenHasItsShare() throws IOException {
        // Given
        String minted = Http.exchange(port, post("{\"name\":\"many streams\",\"role\":\"viewer\"}"));
        Matcher fields = Pattern.compile("\"token\":\"([^\"]+)\"").matcher(minted);
        assertThat(fields.find()).isTrue();
        String token = fields.group(1);
        for (int i = 0; i < 200; i++) {
            open.add(Http.open(port, STREAM, token).read());
        }
        await().until(() -> open.stream().allMatch(http -> http.lines().contains(": keep-alive")));

        // When
        String refused = Http.get(port, STREAM, token);

        // Then
        assertThat(refused).startsWith("HTTP/1.1 429").contains("\"code\":\"too-many\"");
        open.removeFirst().close();
        await().untilAsserted(() -> {
            Http again = Http.open(port, STREAM, token).read();
            open.add(again);
            await().until(() -> !again.lines().isEmpty());
            assertThat(again.lines().getFirst()).isEqualTo("HTTP/1.1 200 OK");
        });
    }

    private static String post(String body) {
        return "POST /api/v1/tokens HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + ADMIN
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private Http stream(String uri, String... headers) {
        Http http = Http.open(port, uri, ADMIN, headers).read();
        open.add(http);
        return http;
    }

    private WebSocket webSocket(String uri, WebSocket.Listener listener) {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + ADMIN)
                .buildAsync(URI.create("ws://localhost:" + port + uri), listener)
                .join();
    }

    private static int handshakeStatus(WebSocket.Builder builder, URI uri) {
        try {
            builder.buildAsync(uri, new Messages()).join();
            return 101;
        } catch (CompletionException e) {
            return e.getCause() instanceof java.net.http.WebSocketHandshakeException handshake
                    ? handshake.getResponse().statusCode()
                    : -1;
        }
    }

    private void publish(LineBatch batch) {
        publisher
                .publish(Topics.LINES, RecordKey.of(batch.workload()), batch.publishedPayload(), batch.headers())
                .join();
    }

    private LineBatch say(String stream, String message) {
        return store.say(SHOP, Instant.now(), stream, "info", message, ",\"fields\":{\"user\":{\"id\":7}}");
    }

    private long last(WorkloadId workload) {
        return store.last(workload);
    }

    private static void awaitNumbers(Http http, long first, long last) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> http.numbers().size() >= last - first + 1);
        assertThat(http.numbers()
                        .equals(LongStream.rangeClosed(first, last).boxed().toList()))
                .as("each line of %d to %d once", first, last)
                .isTrue();
    }

    private static final class Messages implements WebSocket.Listener {
        private static final Pattern NUMBER = Pattern.compile("\\{\"lineNo\":(\\d+),[^\n]*}\n");
        private final List<Long> numbers = new CopyOnWriteArrayList<>();
        private final StringBuilder partial = new StringBuilder();

        List<Long> numbers() {
            return numbers;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                // Each message is whole lines.
                List<Long> found = new ArrayList<>();
                Matcher matcher = NUMBER.matcher(partial);
                while (matcher.lookingAt()) {
                    found.add(Long.parseLong(matcher.group(1)));
                    matcher.region(matcher.end(), partial.length());
                }
                partial.delete(0, matcher.regionStart());
                numbers.addAll(found);
            }
            socket.request(1);
            return java.util.concurrent.CompletableFuture.completedFuture(null);
        }
    }
}
