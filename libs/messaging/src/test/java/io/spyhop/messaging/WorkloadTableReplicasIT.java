package io.spyhop.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topic.Cleanup;
import io.spyhop.messaging.RecordingListener.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What several replicas of one service do about each other, and about a broker that goes away, and is there again afterwards. */
class WorkloadTableReplicasIT extends BrokerCase {
    private static final Logger LOGGER = LoggerFactory.getLogger(WorkloadTableReplicasIT.class);
    private static final int KEYS = 60;

    private final RecordingListener one = new RecordingListener();
    private final RecordingListener two = new RecordingListener();
    private Topic topic;
    private Topic companion;

    @BeforeEach
    void start() {
        topic = broker.topic(Cleanup.COMPACT);
        companion = broker.topic(Cleanup.DELETE);
        for (int i = 0; i < KEYS; i++) {
            TestBroker.publish(publisher, topic, key(i), new Sample("a" + i));
        }
    }

    @Test
    void shouldShareTheKeysAndTellOnlyWhatMovedWhenAReplicaComesAndLeaves() {
        // Given
        try (var first = table("r1", one)) {
            first.start();
            awaiting().until(() -> first.snapshot().size() == KEYS);
            assertThat(one.eventsOf("changed")).hasSize(KEYS);

            // When: a second comes.
            WorkloadTable<Sample> second = table("r2", two);
            long joining = System.nanoTime();
            second.start();
            awaiting().until(() -> second.partitions().size() == 6 && second.loaded());
            report("A second replica had its share loaded", joining);
            awaiting().until(() -> first.partitions().size() == 6);
            Set<Integer> kept = first.partitions();
            Map<RecordKey, Sample> halves = new HashMap<>();
            halves.putAll(first.snapshot());
            halves.putAll(second.snapshot());
            int sum = first.snapshot().size() + second.snapshot().size();
            List<String> toldAtJoin = List.copyOf(one.events);

            // Then
            assertThat(sum).isEqualTo(KEYS);
            assertThat(halves).hasSize(KEYS).containsEntry(key(7), new Sample("a7"));
            assertThat(second.partitions()).doesNotContainAnyElementsOf(kept).hasSize(6);
            assertThat(one.eventsOf("lost")).hasSize(6);
            assertThat(toldAtJoin).as("nothing is told about what stayed").hasSize(KEYS + 6);
            assertThat(two.eventsOf("changed")).hasSize(second.snapshot().size());

            // When: it leaves.
            long leaving = System.nanoTime();
            second.close();
            report("A replica closed", leaving);
            awaiting()
                    .atMost(Limits.SESSION_MIN.dividedBy(2))
                    .untilAsserted(() -> assertThat(broker.members("test", topic))
                            .as("it left, long before its session would have ended")
                            .containsExactly("r1"));
            awaiting().until(() -> first.partitions().size() == 12 && first.loaded());
            report("The share of a closed replica was taken over and loaded", leaving);

            // Then
            assertThat(first.snapshot()).hasSize(KEYS);
            assertThat(one.events).hasSize(KEYS + 6 + two.eventsOf("changed").size());
            assertThat(two.eventsOf("lost")).as("no callback follows a close").isEmpty();

            // When: what moved there and back is followed.
            for (int i = 0; i < KEYS; i++) {
                TestBroker.publish(publisher, topic, key(i), new Sample("b" + i));
            }

            // Then
            awaiting()
                    .untilAsserted(() -> assertThat(one.events.stream()
                                    .filter(event -> event.contains("=b"))
                                    .collect(Collectors.toSet()))
                            .hasSize(KEYS));
            assertThat(one.events.stream().filter(event -> event.contains("=b")))
                    .hasSize(KEYS);
        }
    }

    @Test
    void shouldTakeTheShareOfAReplicaOverWhenItIsKilled() throws IOException, InterruptedException {
        // Given
        try (var first = table("r1", one)) {
            first.start();
            awaiting().until(first::loaded);
            Process other =
                    ReplicaProcess.start(broker.connection("test", "r2"), topic, directory.resolve("other.log"));
            try {
                awaiting().until(() -> first.partitions().size() == 6);
                assertThat(first.snapshot()).hasSizeLessThan(KEYS);

                // When
                other.destroyForcibly();
                other.waitFor();
                long killed = System.nanoTime();
                awaiting().until(() -> first.partitions().size() == 12 && first.loaded());
                report("The share of a killed replica was taken over and loaded", killed);

                // Then
                assertThat(first.snapshot()).hasSize(KEYS);
                assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(15));
            } finally {
                other.destroyForcibly();
            }
        }
    }

    @Test
    void shouldMoveUnacknowledgedCompanionsWhenTheirPartitionMoves() {
        // Given
        for (int i = 0; i < KEYS; i++) {
            TestBroker.publishBytes(publisher, companion, key(i), utf8("x" + i));
        }
        try (var first = table("r1", one);
                var second = table("r2", two)) {
            first.start();
            awaiting().until(() -> one.acknowledgements.size() == KEYS);
            Set<String> acknowledged =
                    IntStream.range(0, KEYS / 2).mapToObj(i -> "x" + i).collect(Collectors.toSet());
            acknowledged.forEach(one::acknowledge);

            // When
            second.start();
            awaiting()
                    .until(() -> second.partitions().size() == 6
                            && second.loaded()
                            && first.partitions().size() == 6);
            Set<String> expected = IntStream.range(KEYS / 2, KEYS)
                    .filter(i -> second.partitions().contains(key(i).partition()))
                    .mapToObj(i -> "x" + i)
                    .collect(Collectors.toSet());
            awaiting().until(() -> two.acknowledgements.keySet().containsAll(expected));

            // Then
            Set<String> again = new HashSet<>(two.acknowledgements.keySet());
            assertThat(again).containsAll(expected);
            assertThat(one.eventsOf("companion"))
                    .as("what stayed is not delivered again")
                    .hasSize(KEYS);
        }
    }

    @Test
    void shouldKeepItsShareInSilenceAndGoOnWhenTheBrokerIsAwayForLongerThanASession() throws Exception {
        // Given
        try (var first = table("r1", one)) {
            first.start();
            awaiting().until(first::loaded);
            TestBroker.publishBytes(publisher, companion, key(3), utf8("x"));
            awaiting().until(() -> one.events.size() == KEYS + 1);

            // When
            broker.stop();
            await().during(Limits.SESSION_MIN.plusSeconds(1))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> first.partitions().size() == 12 && first.loaded());
            var waiting = publisher.publishJson(topic, key(3), new Sample("b"));
            long restarting = System.nanoTime();
            broker.startAgain();
            report("The broker was back", restarting);
            long back = System.nanoTime();
            waiting.get(30, TimeUnit.SECONDS);
            publisher.publish(companion, key(3), utf8("y"), Map.of()).get(30, TimeUnit.SECONDS);
            awaiting().until(() -> one.events.contains("changed w3|c=b"));
            awaiting().until(() -> one.events.contains("companion w3|c=y"));
            report("The table followed the broker that came back", back);

            // Then
            assertThat(one.events).hasSize(KEYS + 3);
        }
    }

    @Test
    void shouldLoseEverythingWhenAnotherProcessHasItsName() {
        // Given
        try (var first = table("r1", one)) {
            first.start();
            awaiting().until(first::loaded);

            // When
            try (var second = table("r1", two)) {
                second.start();
                awaiting().until(() -> two.eventsOf("changed").size() == KEYS);
                awaiting().until(() -> one.eventsOf("lost").size() == 12);

                // Then
                assertThat(first.partitions()).isEmpty();
                assertThat(first.loaded()).isFalse();
                assertThat(second.partitions()).hasSize(12);
            }
        }
    }

    private WorkloadTable<Sample> table(String replica, RecordingListener to) {
        return new WorkloadTable<>(broker.connection("test", replica), topic, Sample.class, List.of(companion), to);
    }

    private static RecordKey key(int number) {
        return new RecordKey("w" + number, "c");
    }

    private static void report(String what, long since) {
        LOGGER.atInfo()
                .addKeyValue("count", (System.nanoTime() - since) / 1_000_000)
                .log("MEASURED ms: " + what + ".");
    }

    private static ConditionFactory awaiting() {
        return await().pollInterval(Duration.ofMillis(50)).atMost(Duration.ofSeconds(30));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
