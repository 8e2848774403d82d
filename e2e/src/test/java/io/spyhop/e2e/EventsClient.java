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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Follows any server-sent events over one connection, and remembers them. Reads on a thread of its own. */
final class EventsClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpResponse<InputStream> response;
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private volatile @Nullable String lastId;
    private volatile boolean ended;

    /** An event. */
    record Event(String type, JsonNode data) {}

    /** Opens a stream and waits until it is told where it is; one without ids, what comes first. */
    EventsClient(Api api, String path, String... headers) {
        HttpRequest.Builder request = api.request(path).header("Accept", "text/event-stream");
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            response = api.http().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        assertThat(response.statusCode()).isEqualTo(200);
        Thread.ofVirtual().name("events").start(this::read);
        await("a place to resume from, or an event").atMost(PATIENCE).until(() -> lastId != null || !events.isEmpty());
    }

    private void read() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String type = "message";
            String data = null;
            for (String row = reader.readLine(); row != null; row = reader.readLine()) {
                if (row.startsWith("event: ")) {
                    type = row.substring(7);
                } else if (row.startsWith("id: ")) {
                    lastId = row.substring(4);
                } else if (row.startsWith("data: ")) {
                    data = row.substring(6);
                } else if (row.isEmpty()) {
                    if (data != null) {
                        events.add(new Event(type, Api.JSON.readTree(data)));
                    }
                    type = "message";
                    data = null;
                }
            }
        } catch (IOException e) {
            // Closed by the test, or broken off: either way it is over.
        } finally {
            ended = true;
        }
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    List<String> types() {
        return events.stream().map(Event::type).toList();
    }

    HttpResponse<InputStream> response() {
        return response;
    }

    String lastId() {
        return String.valueOf(lastId);
    }

    void awaitTypes(String... types) {
        await("events").atMost(PATIENCE).untilAsserted(() -> assertThat(types()).containsExactly(types));
    }

    void awaitEnd(Duration patience) {
        await("the end of the stream").atMost(patience).until(() -> ended);
    }

    boolean ended() {
        return ended;
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
