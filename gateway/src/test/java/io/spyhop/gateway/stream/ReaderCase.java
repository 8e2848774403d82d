package io.spyhop.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LineBatch;
import io.spyhop.contracts.log.LineFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;

/** What tests of readers share: a store and a topic in memory, and readers of one workload. */
abstract class ReaderCase {
    static final WorkloadId WORKLOAD = new WorkloadId("shop");
    /** Of some thousand lines. */
    static final int RECENT_BYTES = 1024 * 1024;

    static final String ESCAPE = "\\" + "u001b";

    final FakeStore store = new FakeStore();
    final AtomicReference<FakeSource> source = new AtomicReference<>();
    final LineFeeds feeds = new LineFeeds(
            arrived -> {
                source.set(new FakeSource(arrived));
                return topic();
            },
            () -> store,
            new RecentBatches(RECENT_BYTES, Duration.ofMinutes(1)));
    final StreamMetrics metrics = new StreamMetrics(new SimpleMeterRegistry());
    final List<Reader> readers = new ArrayList<>();
    final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        readers.forEach(Reader::close);
        for (Thread thread : threads) {
            thread.join(10_000);
        }
    }

    FakeSource topic() {
        return Objects.requireNonNull(source.get());
    }

    void publish(LineBatch batch, Random random) {
        FakeSource topic = topic();
        boolean large = random.nextInt(10) == 0;
        topic.publish(
                large
                        ? new LineBatch(WORKLOAD, batch.firstLine(), batch.lastLine(), 0, 0, batch.rawBytes(), null)
                        : batch);
    }

    FakeClient following(int lines) {
        store.store(WORKLOAD, lines);
        return following(new Start.After(0), lines);
    }

    FakeClient following(Start start, int lines) {
        FakeClient client = new FakeClient(Rendering.SSE);
        follow(start, client);
        if (lines > 0) {
            awaitNumbers(client, 1, lines);
        }
        return client;
    }

    void follow(Start start, FakeClient client) {
        follow(start, View.ALL, client);
    }

    void follow(Start start, View view, FakeClient client) {
        Reader reader = new Reader(feeds, WORKLOAD, start, view, client, metrics);
        readers.add(reader);
        threads.add(Thread.ofVirtual().start(reader));
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).until(() -> feeds.followed(WORKLOAD));
    }

    /** Lines of which each fifth has a needle, one a second. */
    void say(int first, int last) {
        for (int i = first; i <= last; i++) {
            String message = i % 5 == 0 ? "needle" : "hay";
            store.say(WORKLOAD, Instant.EPOCH.plusSeconds(i), "stdout", "info", message, "");
        }
    }

    LineBatch say(String message) {
        return store.say(WORKLOAD, Instant.EPOCH.plusSeconds(1000), "stdout", "info", message, "");
    }

    static View view(String text) {
        return new View(new LineFilter(Set.of(), Set.of(), text, null, Map.of(), null, null), false);
    }

    static void awaitNumbers(FakeClient client, List<Long> numbers) {
        await().untilAsserted(() -> assertThat(client.numbers()).isEqualTo(numbers));
    }

    static void awaitNumbers(FakeClient client, long first, long last) {
        // By size first: comparing long lists again and again takes longer than what is tested.
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(client.count()).isEqualTo((int) (last - first + 1)));
        assertThat(client.numbers()
                        .equals(LongStream.rangeClosed(first, last).boxed().toList()))
                .as("each number of %d to %d once, in order: %s", first, last, client.numbers())
                .isTrue();
    }
}
