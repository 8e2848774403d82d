package io.spyhop.metrics.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.metric.MetricsApi;
import io.spyhop.contracts.metric.Sample;
import io.spyhop.contracts.metric.SamplePage;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.embedded.EmbeddedPostgres;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicPublisher;
import io.spyhop.metrics.MetricsBackends;
import io.spyhop.metrics.store.SampleStore.Outcome;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** From the topic to the table: each sample once, whatever happens. */
@QuarkusTest
@QuarkusTestResource(MetricsBackends.class)
class SampleStoreIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    @DataSource("usage")
    AgroalDataSource dataSource;

    @Inject
    PartitionStore partitions;

    @Inject
    Database database;

    @Inject
    MetricsApi metrics;

    private final SomeSamples some = SomeSamples.of("acme");
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MINUTES);

    @Test
    void shouldTellExactlyWhatWasPublishedWhenItComesTwice() {
        // Given
        Sample first = some.firstAt(now.minusSeconds(60), 64.5);
        Sample second = some.at(now.minusSeconds(30), 0.1, 65.25);

        // When
        publish(List.of(first, second, first, second));

        // Then
        await().atMost(PATIENCE).until(() -> page(10).items().size() == 2);
        assertThat(page(10))
                .isEqualTo(new SamplePage(
                        List.of(
                                new SamplePage.Item(
                                        first.slot(),
                                        0,
                                        some.container(),
                                        null,
                                        64.5,
                                        512,
                                        true,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null),
                                new SamplePage.Item(
                                        second.slot(),
                                        0,
                                        some.container(),
                                        0.1,
                                        65.25,
                                        512,
                                        true,
                                        0.2,
                                        0.3,
                                        0.4,
                                        0.5,
                                        7L)),
                        null));
    }

    @Test
    void shouldStoreTheOthersWhenOneIsPoison() {
        // Given
        Sample before = some.at(now.minusSeconds(60), 1, 1);
        Sample impossible = some.at(now.minusSeconds(30), Double.MAX_VALUE, 1);
        Sample after = some.at(now, 2, 1);

        // When
        publish(List.of(before, impossible));
        try (TopicPublisher publisher = publisher()) {
            for (String wrong : List.of("not a sample", "null", "{}")) {
                publisher
                        .publish(Topics.SAMPLES, before.key(), wrong.getBytes(UTF_8), Map.of())
                        .join();
            }
            publisher.publish(Topics.SAMPLES, before.key(), null, Map.of()).join();
        }
        publish(List.of(after));

        // Then
        await().atMost(PATIENCE).until(() -> page(10).items().size() == 2);
        assertThat(page(10).items()).extracting(SamplePage.Item::cpuPct).containsExactly(1.0, 2.0);
    }

    @Test
    void shouldLoseAndDoubleNothingWhenOneOfTwoReplicasIsKilled() throws Exception {
        // Given: samples of workloads in all partitions, of which another process stores some.
        List<SomeSamples> workloads = new ArrayList<>();
        for (int i = 0; i < 36; i++) {
            workloads.add(SomeSamples.of("killed" + some.workload()));
        }
        int slots = 0;
        EmbeddedPostgres postgres = MetricsBackends.database();
        try (StoringReplica replica = StoringReplica.start(
                "other",
                MetricsBackends.broker().bootstrapServers(),
                postgres.jdbcUrl(),
                postgres.user(),
                postgres.password())) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (database.count("pg_stat_activity WHERE application_name = '" + StoringReplica.NAME + "'") == 0) {
                assertThat(System.nanoTime())
                        .as("the other replica stores nothing")
                        .isLessThan(deadline);
                publishSlot(workloads, slots++);
            }

            // When
            for (int end = slots + 10; slots < end; slots++) {
                publishSlot(workloads, slots);
                if (slots == end - 5) {
                    replica.kill();
                }
            }
        }

        // Then
        int published = slots * workloads.size();
        String stored =
                "metrics.sample JOIN metrics.instance USING (instance_id) WHERE org = 'killed" + some.workload() + "'";
        await().atMost(PATIENCE).until(() -> database.count(stored) >= published);
        assertThat(database.count(stored)).isEqualTo(published);
    }

    @Test
    void shouldStoreAMinuteOfTenThousandNewInstancesInASmallPartOfIt() {
        // Given
        String org = "many" + some.workload();
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            SomeSamples each = SomeSamples.of(org);
            samples.add(each.firstAt(now.minusSeconds(30), 1));
            samples.add(each.at(now, 1, 1));
        }

        // When
        long begin = System.nanoTime();
        try (TopicPublisher publisher = publisher()) {
            samples.stream()
                    .map(each -> publisher.publishJson(Topics.SAMPLES, each.key(), each))
                    .toList()
                    .forEach(sent -> sent.orTimeout(30, TimeUnit.SECONDS).join());
        }
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> database.count(
                                "metrics.sample JOIN metrics.instance USING (instance_id) WHERE org = '" + org + "'")
                        == samples.size());

        // Then: publishing and looking included
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    }

    private void publishSlot(List<SomeSamples> workloads, int slot) {
        publish(workloads.stream()
                .map(each -> each.each(1).at(now.minusSeconds(slot), slot, 1))
                .toList());
    }

    @Test
    void shouldCountWhatCameAgainWhenABatchIsStoredTwice() throws SQLException {
        // Given
        List<Sample> samples = row(some, 100);

        // When
        Outcome once = database.store(samples);
        Outcome twice = database.store(samples);

        // Then
        assertThat(once).isEqualTo(new Outcome(100, 0, 0));
        assertThat(twice).isEqualTo(new Outcome(0, 100, 0));
    }

    @Test
    void shouldStoreOnceWhenTwoReplicasTakeTheSameSlotsInAnyOrder() throws Exception {
        // Given
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            samples.addAll(row(some.container("-" + i, i), 50));
        }
        List<Callable<Outcome>> replicas = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            SampleStore replica = new SampleStore(dataSource, partitions);
            List<Sample> shuffled = new ArrayList<>(samples);
            Collections.shuffle(shuffled, new Random(i));
            replicas.add(() -> replica.store(Database.stored(shuffled)));
        }

        // When
        int stored = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Outcome> each : threads.invokeAll(replicas)) {
                stored += each.get().stored();
            }
        }

        // Then
        assertThat(stored).isEqualTo(1000);
        assertThat(database.count("metrics.sample JOIN metrics.instance USING (instance_id) WHERE workload_id = '"
                        + some.workload() + "'"))
                .isEqualTo(1000);
    }

    @Test
    void shouldPageThroughAllWhenThereAreManyInstances() throws SQLException {
        // Given
        SomeSamples other = some.container("-1", 1);
        database.store(row(some, 25));
        database.store(row(other, 25));

        // When
        List<SamplePage.Item> items = new ArrayList<>();
        String cursor = null;
        do {
            SamplePage page = metrics.samples(
                    some.workload(), now.minusSeconds(24 * 30).toEpochMilli(), now.toEpochMilli(), 7, cursor);
            items.addAll(page.items());
            cursor = page.next();
        } while (cursor != null);

        // Then
        List<String> expected = new ArrayList<>();
        for (Sample each : row(some, 25).subList(0, 24)) {
            expected.add(each.slot() + " 0");
            expected.add(each.slot() + " 1");
        }
        assertThat(items.stream().map(item -> item.sampledAt() + " " + item.instance()))
                .containsExactlyElementsOf(expected);
    }

    /** One each half minute, the last one now. */
    private List<Sample> row(SomeSamples of, int count) {
        List<Sample> samples = new ArrayList<>();
        for (int i = count - 1; i >= 0; i--) {
            samples.add(of.at(now.minusSeconds(30L * i), i, 100));
        }
        return samples;
    }

    private SamplePage page(int limit) {
        return metrics.samples(some.workload(), 0, now.plusSeconds(60).toEpochMilli(), limit, null);
    }

    private static TopicPublisher publisher() {
        return new TopicPublisher(new KafkaConnection(MetricsBackends.broker().bootstrapServers(), "test", "test"));
    }

    private static void publish(List<Sample> samples) {
        try (TopicPublisher publisher = publisher()) {
            for (Sample each : samples) {
                publisher
                        .publishJson(Topics.SAMPLES, each.key(), each)
                        .orTimeout(30, TimeUnit.SECONDS)
                        .join();
            }
        }
    }
}
