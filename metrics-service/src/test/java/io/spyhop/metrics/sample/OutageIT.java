package io.spyhop.metrics.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.MetricsApi;
import io.spyhop.contracts.metric.Point;
import io.spyhop.contracts.metric.SamplePage;
import io.spyhop.contracts.metric.Series;
import io.spyhop.contracts.metric.SeriesQuery;
import io.spyhop.contracts.metric.UsageApi;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.docker.DockerEngine;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicPublisher;
import io.spyhop.metrics.MetricsBackends;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The whole service samples a real container while broker and database are away: for longer than a record is tried to be sent
 * (30 s), which is longer than everything else that waits.
 */
@QuarkusTest
@QuarkusTestResource(MetricsBackends.class)
class OutageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    @Inject
    MetricsApi metrics;

    @Inject
    UsageApi usage;

    @Inject
    MeterRegistry registry;

    private final WorkloadId workload =
            new WorkloadId("outage-" + UUID.randomUUID().toString().substring(0, 8));
    private final DockerContainers containers = new DockerContainers();
    private final DockerEngine engine = DockerEngine.connectFromEnvironment();

    @AfterEach
    void remove() {
        containers.close();
        engine.close();
    }

    @Test
    void shouldStoreEachSlotOnceWhenBrokerAndDatabaseAreAwayForLong() {
        // Given
        String id = containers.run(
                "--cpus=0.2",
                "--label=" + Sampler.INTERVAL_LABEL + "=" + INTERVAL.toSeconds() + "s",
                DockerContainers.NO_NETWORK,
                DockerContainers.IMAGE,
                "sh",
                "-c",
                "while :; do :; done");
        InstanceState state = RealInstances.state(workload, engine.inspect(id).orElseThrow(), InstanceStatus.RUNNING);
        tell(state.key(), state);
        await().atMost(PATIENCE).until(() -> samples().size() >= 2);
        Counter failed = registry.counter("spyhop_metrics_publishes_failed");
        double failedBefore = failed.count();

        // When: first there is no database to store in, then no broker to keep what is not stored either.
        MetricsBackends.stopDatabase();
        Instant databaseAway = Instant.now();
        assertThatThrownBy(this::samples)
                .isInstanceOfSatisfying(
                        SpyhopException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_AWAY));
        MetricsBackends.stopBroker();
        Instant brokerAway = Instant.now();
        await("the sender gives up what it took first").atMost(PATIENCE).until(() -> failed.count() > failedBefore);
        assertThat(usage.usages(List.of(workload))).containsOnlyKeys(id);
        MetricsBackends.startBroker();
        Instant brokerBack = Instant.now();
        MetricsBackends.startDatabase();
        Instant back = Instant.now();

        // Then
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(SpyhopException.class)
                .until(() -> samples().getLast().sampledAt().isAfter(back));
        await().atMost(PATIENCE).untilAsserted(this::areWhole);
        assertThat(samples().getFirst().sampledAt()).isBefore(databaseAway);
        assertThat(Duration.between(brokerAway, brokerBack)).isGreaterThan(Duration.ofSeconds(20));
        assertThat(registry.counter("spyhop_metrics_samples_dropped").count()).isZero();
        tell(state.key(), null);
    }

    private List<SamplePage.Item> samples() {
        return metrics.samples(workload, 0, Instant.now().toEpochMilli(), 1000, null)
                .items();
    }

    /** Each slot once, and nothing that is zero and cannot be: neither in the samples nor in a chart of them. */
    private void areWhole() {
        List<SamplePage.Item> samples = samples();
        List<Instant> slots = new ArrayList<>();
        for (Instant slot = samples.getFirst().sampledAt();
                !slot.isAfter(samples.getLast().sampledAt());
                slot = slot.plus(INTERVAL)) {
            slots.add(slot);
        }
        assertThat(samples).extracting(SamplePage.Item::sampledAt).containsExactlyElementsOf(slots);
        assertThat(samples).allSatisfy(sample -> assertThat(sample.memUsedMb()).isPositive());
        // What the first one used is known only if the life was read before its slot began.
        List<SamplePage.Item> compared =
                samples.stream().filter(sample -> sample.cpuPct() != null).toList();
        assertThat(compared)
                .hasSizeGreaterThanOrEqualTo(samples.size() - 1)
                .allSatisfy(sample -> assertThat(sample.cpuPct()).isBetween(0.01, 50.0));
        SeriesQuery query = new SeriesQuery(slots.getFirst(), slots.getLast().plus(INTERVAL), INTERVAL.toSeconds());
        assertThat(metrics.series(workload, query).series())
                .filteredOn(series -> series.name().equals("cpuPct"))
                .singleElement()
                .extracting(Series::points)
                .isEqualTo(compared.stream()
                        .map(sample ->
                                new Point(sample.sampledAt().toEpochMilli(), Objects.requireNonNull(sample.cpuPct())))
                        .toList());
    }

    private static void tell(RecordKey key, @Nullable InstanceState state) {
        try (TopicPublisher publisher =
                new TopicPublisher(new KafkaConnection(MetricsBackends.broker().bootstrapServers(), "test", "test"))) {
            publisher
                    .publishJson(Topics.INSTANCES, key, state)
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
        }
    }
}
