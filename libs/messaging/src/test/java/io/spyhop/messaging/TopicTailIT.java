package io.spyhop.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topic.Cleanup;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicTailIT extends BrokerCase {
    private static final RecordKey WEB = new RecordKey("web", "");
    private static final RecordKey WORKER = new RecordKey("worker-1", "");

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private Topic topic;
    private TopicTail tail;

    @BeforeEach
    void start() {
        topic = broker.topic(Cleanup.DELETE);
        tail = new TopicTail(connection, topic, record -> {
            String text = new String(Objects.requireNonNull(record.value()), StandardCharsets.UTF_8);
            if (text.equals("bad")) {
                throw new IllegalStateException("a handler's fault");
            }
            seen.add(record.key().owner() + "=" + text);
        });
    }

    @AfterEach
    void stop() {
        tail.close();
    }

    @Test
    void shouldSeeEveryRecordThatIsPublishedAfterTheWatchCompleted() throws Exception {
        // Given
        publish(WEB, "before");

        // When
        for (int round = 0; round < 20; round++) {
            tail.watch(WEB.partition()).get(10, TimeUnit.SECONDS);
            publish(WEB, "a" + round);
            String expected = "web=a" + round;
            await().until(() -> seen.contains(expected));
            tail.unwatch(WEB.partition());
            publish(WEB, "unseen" + round);
        }

        // Then: a watch ends a moment after it is asked to.
        assertThat(seen.stream().filter(record -> !record.startsWith("web=unseen")))
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(i -> "web=a" + i).toList());
    }

    @Test
    void shouldReadOnlyWatchedPartitionsAndKeepTheirPlaceWhenOthersComeAndGo() throws Exception {
        // Given
        tail.watch(WEB.partition()).get(10, TimeUnit.SECONDS);

        // When
        for (int i = 0; i < 50; i++) {
            publish(WEB, "a" + i);
            publish(WORKER, "b" + i);
            if (i == 20) {
                tail.watch(WORKER.partition()).get(10, TimeUnit.SECONDS);
            }
            if (i == 30) {
                await().until(() -> seen.contains("worker-1=b30"));
                tail.unwatch(WORKER.partition());
            }
        }
        await().until(() -> seen.contains("web=a49"));

        // Then
        assertThat(seen.stream().filter(each -> each.startsWith("web=")))
                .containsExactlyElementsOf(
                        IntStream.range(0, 50).mapToObj(i -> "web=a" + i).toList());
        assertThat(seen.stream().filter(each -> each.startsWith("worker-1=b")).limit(10))
                .containsExactlyElementsOf(IntStream.rangeClosed(21, 30)
                        .mapToObj(i -> "worker-1=b" + i)
                        .toList());
        assertThat(seen).doesNotContain("worker-1=b49");
    }

    @Test
    void shouldGoOnReadingWhenOneOfTwoWatchersLeaves() throws Exception {
        // Given
        tail.watch(WEB.partition()).get(10, TimeUnit.SECONDS);
        tail.watch(WEB.partition()).get(10, TimeUnit.SECONDS);

        // When
        tail.unwatch(WEB.partition());
        publish(WEB, "a");

        // Then
        await().until(() -> seen.contains("web=a"));
    }

    @Test
    void shouldGoOnWithTheNextWhenTheHandlerFails() throws Exception {
        // Given
        tail.watch(WEB.partition()).get(10, TimeUnit.SECONDS);

        // When
        publish(WEB, "bad");
        publish(WEB, "good");

        // Then
        await().until(() -> seen.contains("web=good"));
        assertThat(seen).containsExactly("web=good");
    }

    @Test
    void shouldLoseNothingWhenTheBrokerRestarts() throws Exception {
        // Given
        tail.watch(WEB.partition()).get(10, TimeUnit.SECONDS);
        publish(WEB, "a");
        await().until(() -> seen.contains("web=a"));

        // When
        broker.stop();
        CompletableFuture<Void> late = tail.watch(WORKER.partition());
        assertThat(late).isNotDone();
        broker.startAgain();
        publish(WEB, "b");
        late.get(30, TimeUnit.SECONDS);
        publish(WORKER, "c");

        // Then
        await().until(() -> seen.size() == 3);
        assertThat(seen).containsExactlyInAnyOrder("web=a", "web=b", "worker-1=c");
    }

    @Test
    void shouldCancelWhatWaitsWhenClosed() {
        // Given
        broker.stop();
        CompletableFuture<Void> waiting = tail.watch(WEB.partition());

        // When
        tail.close();
        broker.startAgain();

        // Then
        assertThat(waiting).isCancelled();
        assertThat(tail.watch(WEB.partition())).isCancelled();
    }

    private void publish(RecordKey key, String value) {
        TestBroker.publishBytes(publisher, topic, key, value.getBytes(StandardCharsets.UTF_8));
    }
}
