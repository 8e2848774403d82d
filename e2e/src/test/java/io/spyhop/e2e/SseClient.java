package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows a workload as a browser's EventSource does: one stream of server-sent events, opened again with {@code
 * Last-Event-ID} whenever it breaks. It checks on the way that the id of every event is its line's number and that numbers
 * rise by one from the first. Reading happens on a thread of its own; everything public is thread-safe.
 */
final class SseClient implements AutoCloseable {
    private final Api api;
    private final String path;
    private final Consumer<Line> sink;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CompletableFuture<HttpResponse<InputStream>> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicLong received = new AtomicLong();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger keepAlives = new AtomicInteger();
    private final boolean reconnect;
    private volatile @Nullable InputStream open;
    private volatile @Nullable String lastId;
    private volatile @Nullable AssertionError fault;
    private long lastNumber;

    private SseClient(Api api, String path, boolean reconnect, @Nullable String lastId, Consumer<Line> sink) {
        this.api = api;
        this.path = path;
        this.reconnect = reconnect;
        this.lastId = lastId;
        this.sink = sink;
        Thread.ofVirtual().name("sse").start(this::run);
    }

    /** Follows and comes back after every break. */
    static SseClient follow(Api api, String path, Consumer<Line> sink) {
        return new SseClient(api, path, true, null, sink).awaitOpen();
    }

    /** Follows until the stream ends. */
    static SseClient once(Api api, String path, Consumer<Line> sink) {
        return new SseClient(api, path, false, null, sink).awaitOpen();
    }

    /** Follows as a client that comes back and has seen everything up to that id. */
    static SseClient resume(Api api, String path, String lastId, Consumer<Line> sink) {
        return new SseClient(api, path, false, lastId, sink).awaitOpen();
    }

    /** A sink that keeps the lines and may be read from another thread. */
    static final class Collected implements Consumer<Line> {
        private final List<Line> lines = new ArrayList<>();

        @Override
        public synchronized void accept(Line line) {
            lines.add(line);
        }

        synchronized List<Line> lines() {
            return List.copyOf(lines);
        }
    }

    private SseClient awaitOpen() {
        HttpResponse<InputStream> response =
                opened.orTimeout(30, TimeUnit.SECONDS).join();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        return this;
    }

    /** The headers that the first connection was answered with. */
    HttpResponse<InputStream> response() {
        return opened.join();
    }

    long received() {
        check();
        return received.get();
    }

    int connections() {
        return connections.get();
    }

    int keepAlives() {
        return keepAlives.get();
    }

    /** Waits until the line of this number has come. */
    void awaitLine(long number, Duration patience) {
        await("line %d over SSE".formatted(number))
                .atMost(patience)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> {
                    check();
                    assertThat(lastReceived()).isGreaterThanOrEqualTo(number);
                });
    }

    /** Waits until the server ends the stream. */
    void awaitEnd(Duration patience) {
        await("end of the stream").atMost(patience).until(ended::isDone);
        check();
    }

    private synchronized long lastReceived() {
        return lastNumber;
    }

    private void check() {
        AssertionError error = fault;
        if (error != null) {
            // A new one each time: it may be thrown in a block and again when that is left.
            throw new AssertionError(error.getMessage(), error);
        }
    }

    private void run() {
        try {
            do {
                try {
                    readOneConnection();
                } catch (IOException | UncheckedIOException e) {
                    if (!reconnect && closed.getCount() > 0) {
                        throw new AssertionError("the stream broke", e);
                    }
                }
            } while (reconnect && !closed.await(100, TimeUnit.MILLISECONDS));
        } catch (AssertionError e) {
            fault = e;
        } catch (RuntimeException e) {
            fault = new AssertionError("the follower failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.complete(null);
        }
    }

    private void readOneConnection() throws IOException, InterruptedException {
        HttpRequest.Builder request = api.request(path).header("Accept", "text/event-stream");
        String resume = lastId;
        if (resume != null) {
            request.header("Last-Event-ID", resume);
        }
        HttpResponse<InputStream> response =
                api.http().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        if (reconnect && response.statusCode() == 503) {
            response.body().close();
            return;
        }
        opened.complete(response);
        if (response.statusCode() != 200) {
            try (InputStream body = response.body()) {
                throw new AssertionError("GET %s: %d %s"
                        .formatted(
                                path, response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8)));
            }
        }
        connections.incrementAndGet();
        open = response.body();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            readEvents(reader);
        } finally {
            open = null;
        }
    }

    private void readEvents(BufferedReader reader) throws IOException {
        String type = "message";
        StringBuilder data = new StringBuilder();
        String id = null;
        for (String row = reader.readLine(); row != null; row = reader.readLine()) {
            if (row.isEmpty()) {
                if (id != null) {
                    lastId = id;
                }
                if (!data.isEmpty()) {
                    event(type, id, data.toString());
                }
                type = "message";
                data.setLength(0);
                id = null;
            } else if (row.startsWith(":")) {
                keepAlives.incrementAndGet();
            } else if (row.startsWith("id:")) {
                id = row.substring(3).strip();
            } else if (row.startsWith("event:")) {
                type = row.substring(6).strip();
            } else if (row.startsWith("data:")) {
                data.append(row, row.startsWith("data: ") ? 6 : 5, row.length());
            }
        }
    }

    private void event(String type, @Nullable String id, String data) throws IOException {
        assertThat(type).as("event %s", data).isEqualTo("message");
        JsonNode json = Api.JSON.readTree(data);
        Line line = Line.of(json);
        // The app stream is live only: it has no ids to resume from.
        if (id != null ? !Long.toString(line.lineNo()).equals(id) : !path.startsWith("/api/v1/apps/")) {
            throw new AssertionError("the id is %s of %s".formatted(id, data));
        }
        synchronized (this) {
            if (lastNumber > 0 && line.lineNo() != lastNumber + 1) {
                throw new AssertionError("after %d came %d".formatted(lastNumber, line.lineNo()));
            }
            lastNumber = line.lineNo();
        }
        sink.accept(line);
        received.incrementAndGet();
    }

    @Override
    public void close() {
        closed.countDown();
        InputStream body = open;
        if (body != null) {
            try {
                body.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        check();
    }
}
