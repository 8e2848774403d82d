package io.spyhop.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.Zstd;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LineBatch;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.gateway.FakeCatalogue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AppReaderTest {
    private static final WorkloadId WORKLOAD = new WorkloadId("chat");

    private final FakeStore store = new FakeStore();
    private final AtomicReference<FakeSource> source = new AtomicReference<>();
    private final LineFeeds feeds = new LineFeeds(
            arrived -> {
                source.set(new FakeSource(arrived));
                return topic();
            },
            () -> store,
            new RecentBatches(1024 * 1024, Duration.ofMinutes(1)));
    private volatile InstanceStatus status = InstanceStatus.RUNNING;
    private final FakeClient client = new FakeClient(Rendering.APP);
    private final AppReader reader = new AppReader(
            feeds, WORKLOAD, View.ALL, client, () -> workload(status), new StreamMetrics(new SimpleMeterRegistry()));

    @AfterEach
    void end() {
        reader.close();
        await().until(client::ended);
    }

    @Test
    void shouldTellHowManyWereDroppedAndGoOnFromThePresentWhenTheClientIsSlow() {
        // Given
        start();
        client.stall();
        publish(1);
        await().until(client::waiting);

        // When
        for (int i = 0; i < 10; i++) {
            publish(100);
        }
        client.readOn();

        // Then
        await().until(() -> client.count() == 1 + 1 + 200);
        assertThat(client.text())
                .contains("data: {\"level\":\"system\",\"message\":\"... 800 messages dropped ...\"}\n\n")
                .contains("\"message\":\"line 802 ")
                .doesNotContain("\"message\":\"line 801 ");
    }

    @Test
    void shouldShowTheNewestLinesWhenOneBatchIsLargerThanTheBuffer() {
        // Given
        start();
        client.stall();
        publish(1);
        await().until(client::waiting);

        // When
        publish(10);
        publish(1000);
        client.readOn();

        // Then
        await().until(() -> client.count() == 1 + 1 + 256);
        assertThat(client.text()).contains("... 754 messages dropped ...").contains("\"message\":\"line 1011 ");
    }

    @Test
    void shouldEndAfterTheSystemLineWhenNoInstanceRuns() {
        // Given
        start();
        publish(2);

        // When
        status = InstanceStatus.STOPPED;
        topic().publish(system(store.store(WORKLOAD, 1).lastLine(), "worker stopped"));

        // Then
        await().until(client::ended);
        assertThat(client.text()).contains("worker stopped");
    }

    @Test
    void shouldStayOpenWhenAnInstanceWillBeRestarted() {
        // Given
        start();
        status = InstanceStatus.RESTARTING;

        // When
        topic().publish(system(store.store(WORKLOAD, 1).lastLine(), "[BACKOFF] restart 2 in 400ms"));
        await().until(() -> client.count() == 1);
        publish(3);

        // Then
        await().until(() -> client.count() == 4);
        assertThat(client.ended()).isFalse();
    }

    private FakeSource topic() {
        return Objects.requireNonNull(source.get());
    }

    private void start() {
        Thread.ofVirtual().start(reader);
        await().until(() -> !client.keptAlive().isEmpty());
    }

    private void publish(int lines) {
        topic().publish(store.store(WORKLOAD, lines));
    }

    private static LineBatch system(long number, String message) {
        byte[] raw = ("{\"lineNo\":" + number + ",\"at\":\"2026-11-22T03:04:05Z\",\"stream\":\"system\","
                        + "\"level\":\"system\",\"message\":\"" + message + "\"}\n")
                .getBytes(StandardCharsets.UTF_8);
        return new LineBatch(WORKLOAD, number, number, 0, 0, raw.length, Zstd.compress(raw));
    }

    private static Workload workload(InstanceStatus status) {
        return FakeCatalogue.workload(WORKLOAD, Kind.APP, status, "default", null, null, null, null, "chat");
    }
}
