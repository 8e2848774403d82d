package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Follows a workload over a WebSocket whose text frames hold one line object a row. Thread-safe. */
final class WebSocketClient implements AutoCloseable {
    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private final WebSocket socket;
    private volatile @Nullable Throwable fault;

    /** Connects as a page of the given origin would. */
    WebSocketClient(Api api, String path, String origin) {
        WebSocket.Builder builder = api.http().newWebSocketBuilder().header("Origin", origin);
        if (api.token() != null) {
            builder.header("Authorization", "Bearer " + api.token());
        }
        socket = builder.buildAsync(URI.create(api.base().toString().replaceFirst("^http", "ws") + path), listener())
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private WebSocket.Listener listener() {
        StringBuilder frame = new StringBuilder();
        return new WebSocket.Listener() {
            @Override
            public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
                frame.append(part);
                if (last) {
                    frame.toString().lines().filter(row -> !row.isBlank()).forEach(WebSocketClient.this::row);
                    frame.setLength(0);
                }
                from.request(1);
                return null;
            }

            @Override
            public void onError(WebSocket from, Throwable error) {
                fault = error;
            }
        };
    }

    private void row(String row) {
        try {
            lines.add(Line.of(Api.JSON.readTree(row)));
        } catch (JsonProcessingException e) {
            fault = e;
        }
    }

    List<Line> awaitLines(int count) {
        await("%d lines over the WebSocket".formatted(count))
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> {
                    assertThat(fault).isNull();
                    assertThat(lines).hasSizeGreaterThanOrEqualTo(count);
                });
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
