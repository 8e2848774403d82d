package io.spyhop.metrics.sample;

import static io.spyhop.metrics.sample.TestCounters.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.ContainerCounters;
import io.spyhop.contracts.metric.InstanceUsage;
import io.spyhop.contracts.metric.Sample;
import io.spyhop.contracts.metric.TopBy;
import io.spyhop.contracts.metric.Usage;
import io.spyhop.contracts.metric.UsageApi;
import io.spyhop.contracts.metric.UsageEvidence;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.CounterReader;
import io.spyhop.engine.CounterWay;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each has a sampler of its own, which makes its rounds by the wall clock: they wait side by side. */
@Execution(ExecutionMode.CONCURRENT)
class SamplerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");
    private static final WorkloadId WORKLOAD = new WorkloadId("w");

    private final List<Sample> samples = new CopyOnWriteArrayList<>();
    private final List<UsageEvidence> evidence = new CopyOnWriteArrayList<>();
    private final Map<String, Queue<TestCounters>> lives = new ConcurrentHashMap<>();
    private final AtomicInteger lastReads = new AtomicInteger();
    private volatile Duration clockStep = Duration.ZERO;
    private final SampleMetrics metrics = new SampleMetrics(new SimpleMeterRegistry());
    private final Outbox outbox = new Outbox(
            (topic, key, value) -> {
                switch (value) {
                    case Sample sample -> samples.add(sample);
                    case UsageEvidence end -> evidence.add(end);
                    default -> throw new AssertionError(value);
                }
                return CompletableFuture.completedFuture(null);
            },
            metrics,
            SampleLimits.OUTBOX_USAGES);
    private final Sampler sampler = new Sampler(this::open, outbox, metrics, Duration.ofSeconds(1), new SteppedClock());
    private final UsageReader reader = new UsageReader(sampler);

    @BeforeEach
    void start() {
        outbox.start();
        sampler.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        sampler.stop();
        outbox.close();
    }

    @ParameterizedTest
    @EnumSource(CounterWay.class)
    void shouldSampleEachSlot(CounterWay way) {
        life("c", way);

        sampler.changed(state("w", "c", START));

        await().atMost(PATIENCE).until(() -> samples.size() >= 3);
        for (int i = 0; i < 3; i++) {
            Sample sample = samples.get(i);
            assertThat(sample.slot().toEpochMilli() % 1000).isZero();
            assertThat(sample.slot()).isEqualTo(samples.getFirst().slot().plusSeconds(i));
            assertThat(sample.intervalSeconds()).isEqualTo(1);
            assertThat(sample.org()).isEqualTo("acme");
            assertThat(sample.project()).isEqualTo("shop");
            assertThat(sample.containerId()).isEqualTo("c");
            assertThat(sample.usage().memUsedMb()).isEqualTo(10);
            assertThat(sample.usage().sampledAt()).isAfterOrEqualTo(sample.slot());
            if (i > 0) {
                assertThat(sample.usage().cpuPct()).isEqualTo(50, within(0.1));
                assertThat(sample.usage().netTxRate()).isEqualTo(1000, within(10.0));
            }
        }
    }

    @Test
    void shouldSampleAsOftenAsTheLabelSays() {
        life("c", CounterWay.KERNEL);
        life("d", CounterWay.KERNEL);

        sampler.changed(labelled("c", "2s"));
        sampler.changed(labelled("d", "often"));

        await().atMost(PATIENCE).until(() -> of("c").size() >= 2);
        assertThat(of("c").getFirst().intervalSeconds()).isEqualTo(2);
        assertThat(of("c").getFirst().slot().getEpochSecond() % 2).isZero();
        assertThat(of("c").get(1).slot()).isEqualTo(of("c").getFirst().slot().plusSeconds(2));
        assertThat(of("d")).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void shouldTellTheRunUpOnceALifeEnds() {
        TestCounters counters = life("c", CounterWay.KERNEL);
        sampler.changed(state("w", "c", START));
        await().atMost(PATIENCE).until(() -> samples.size() >= 5);
        counters.oomKills = 1;

        sampler.changed(ended("c", START.plusSeconds(9)));

        await().atMost(PATIENCE).until(() -> evidence.size() == 1);
        UsageEvidence end = evidence.getFirst();
        assertThat(end.endedAt()).isEqualTo(START.plusSeconds(9));
        assertThat(end.lifeStartedAt()).isEqualTo(START);
        assertThat(end.oomEvents()).isEqualTo(1);
        assertThat(end.usages()).hasSizeBetween(3, 4);
        assertThat(end.usages()).isSortedAccordingTo((a, b) -> a.sampledAt().compareTo(b.sampledAt()));
        Usage second = end.usages().get(1);
        assertThat(second.cpuPct()).isEqualTo(50, within(0.1));
        assertThat(Duration.between(end.usages().getFirst().sampledAt(), second.sampledAt()))
                .isCloseTo(Duration.ofSeconds(2), Duration.ofMillis(500));
        assertThat(counters.closed).isTrue();
        assertThat(sampler.meters()).isEmpty();
    }

    @Test
    void shouldTellNothingItDoesNotKnowOnceALifeEnds() {
        // Given one that only an engine tells of, and one whose group was gone first
        life("c", CounterWay.API);
        TestCounters gone = life("d", CounterWay.KERNEL);
        sampler.changed(state("w", "c", START));
        sampler.changed(state("w", "d", START));
        await().atMost(PATIENCE).until(() -> sampler.meters().size() == 2 && gone.reads.get() > 0);
        gone.gone = true;

        sampler.changed(ended("c", START.plusSeconds(9)));
        sampler.removed(state("w", "d", START));

        await().atMost(PATIENCE).until(() -> evidence.size() == 2);
        assertThat(evidence).extracting(UsageEvidence::oomEvents).containsOnlyNulls();
        assertThat(evidence.getFirst().usages()).isEmpty();
        // Nobody told when it ended.
        assertThat(evidence.get(1).endedAt()).isCloseTo(Instant.now(), within(Duration.ofSeconds(10)));
    }

    @Test
    void shouldTellNoFalseFigureWhenAContainerRestarts() {
        TestCounters former = life("c", CounterWay.KERNEL);
        former.cpuBeforeNanos = 900_000_000_000L;
        sampler.changed(state("w", "c", START));
        await().atMost(PATIENCE).until(() -> samples.size() >= 2);
        life("c", CounterWay.KERNEL).cpuBeforeNanos = 0;
        int before = samples.size();
        former.gone = true;

        sampler.changed(state("w", "c", START.plusSeconds(60)));

        await().atMost(PATIENCE).until(() -> samples.size() >= before + 3);
        assertThat(samples)
                .allSatisfy(sample -> assertThat(
                                Objects.requireNonNullElse(sample.usage().cpuPct(), 50.0))
                        .isEqualTo(50, within(1.0)));
        assertThat(evidence)
                .singleElement()
                .satisfies(end -> assertThat(end.lifeStartedAt()).isEqualTo(START));
    }

    @Test
    void shouldGoOnWhenCountersVanishAndTheEndIsNotTold() {
        TestCounters former = life("c", CounterWay.KERNEL);
        sampler.changed(state("w", "c", START));
        await().atMost(PATIENCE).until(() -> samples.size() >= 1);
        life("c", CounterWay.KERNEL).cpuBeforeNanos = 900_000_000_000L;
        former.gone = true;
        await().atMost(PATIENCE).until(() -> former.closed);
        int before = samples.size();

        await().atMost(PATIENCE).until(() -> samples.size() >= before + 3);

        assertThat(samples)
                .allSatisfy(sample -> assertThat(
                                Objects.requireNonNullElse(sample.usage().cpuPct(), 50.0))
                        .isEqualTo(50, within(1.0)));
        assertThat(evidence).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-PT1H", "PT1H"})
    void shouldSampleOnWhenTheClockIsSet(Duration step) {
        life("c", CounterWay.KERNEL);
        sampler.changed(state("w", "c", START));
        await().atMost(PATIENCE).until(() -> samples.size() >= 2);

        clockStep = step;
        Instant set = Instant.now().plus(step);

        await().atMost(PATIENCE)
                .until(() ->
                        Duration.between(set, samples.getLast().slot()).abs().compareTo(PATIENCE) < 0);
        int before = samples.size();
        await().atMost(PATIENCE).until(() -> samples.size() >= before + 2);
        assertThat(samples.subList(1, samples.size()))
                .allSatisfy(sample -> assertThat(sample.usage().cpuPct()).isEqualTo(50, within(0.1)));
    }

    @Test
    void shouldAskAnEngineEachSecondWhileSomebodyWatchesAndNotAfterwards() {
        // Given one that is to be sampled once an hour
        TestCounters counters = life("c", CounterWay.API);
        sampler.changed(labelled("c", "1h"));
        await().atMost(PATIENCE).until(() -> counters.reads.get() > 0);

        // When somebody watches for seven rounds, and then nobody
        Meter meter = sampler.meters(WORKLOAD).iterator().next();
        await().atMost(PATIENCE).until(() -> {
            meter.ask();
            return counters.readAtNanos.size() >= 8;
        });

        // Then: a busy machine may be late once or twice
        List<Long> times = List.copyOf(counters.readAtNanos);
        List<Duration> pauses = IntStream.range(1, 8)
                .mapToObj(i -> Duration.ofNanos(times.get(i) - times.get(i - 1)))
                .sorted()
                .toList();
        assertThat(pauses.get(3)).isLessThan(Duration.ofMillis(1500));
        await().atMost(PATIENCE).during(Duration.ofMillis(2500)).until(() -> {
            int now = counters.reads.get();
            return lastReads.getAndSet(now) == now;
        });
    }

    @Test
    void shouldNotAskAnEngineAgainAndAgainWhileItIsAway() {
        TestCounters away = life("c", CounterWay.API);
        TestCounters kernel = life("d", CounterWay.KERNEL);
        away.away = true;
        sampler.changed(state("w", "c", START));

        sampler.changed(state("w", "d", START));

        await().atMost(PATIENCE).until(() -> of("d").size() >= 4);
        assertThat(of("c")).isEmpty();
        assertThat(kernel.reads.get()).isGreaterThanOrEqualTo(4);
        away.away = false;
        await().atMost(PATIENCE).until(() -> !of("c").isEmpty());
    }

    @Test
    void shouldLetGoOfWhatAnotherReplicaSamples() {
        TestCounters counters = life("c", CounterWay.KERNEL);
        sampler.changed(state("w", "c", START));
        await().atMost(PATIENCE).until(() -> !samples.isEmpty());

        sampler.lost(RecordKey.partitionOf("w"));

        await().atMost(PATIENCE).until(() -> counters.closed);
        assertThat(sampler.meters()).isEmpty();
        assertThat(evidence).isEmpty();
    }

    @Test
    void shouldWaitUntilALifesStartIsKnown() {
        life("c", CounterWay.KERNEL);
        sampler.changed(state("w", "c", null));
        life("d", CounterWay.KERNEL);
        sampler.changed(state("w", "d", START));
        await().atMost(PATIENCE).until(() -> !of("d").isEmpty());
        assertThat(of("c")).isEmpty();

        sampler.changed(state("w", "c", START));

        await().atMost(PATIENCE).until(() -> !of("c").isEmpty());
    }

    @ParameterizedTest
    @EnumSource(CounterWay.class)
    void shouldTellWhatIsUsedNowAtOnce(CounterWay way) throws InterruptedException {
        life("c", way);
        sampler.changed(state("w", "c", START));
        await().atMost(PATIENCE).until(() -> !sampler.meters(WORKLOAD).isEmpty());

        Map<String, InstanceUsage> usages = reader.usages(List.of(WORKLOAD, new WorkloadId("nobody")));

        assertThat(usages).containsOnlyKeys("c");
        InstanceUsage usage = Objects.requireNonNull(usages.get("c"));
        assertThat(usage.way()).isEqualTo(way.wire());
        assertThat(usage.containerName()).isEqualTo("name-c");
        assertThat(usage.usage().cpuPct()).isEqualTo(50, within(0.5));
        assertThat(usage.usage().sampledAt()).isAfter(Instant.now().minusMillis(UsageApi.FRESH_MILLIS));
    }

    @Test
    void shouldLeaveOutWhatCannotBeRead() throws InterruptedException {
        life("c", CounterWay.API).away = true;
        sampler.changed(state("w", "c", START));
        await().atMost(PATIENCE).until(() -> !sampler.meters(WORKLOAD).isEmpty());

        assertThat(reader.usages(List.of(WORKLOAD))).isEmpty();
        assertThat(reader.top(TopBy.CPU, List.of(), 10)).isEmpty();
    }

    @Test
    void shouldTellTheGreediestOfAnOrgAndTheCountersOfAPartition() {
        life("c", CounterWay.KERNEL);
        life("d", CounterWay.KERNEL);
        sampler.changed(state("w", "c", START));
        sampler.changed(state("x", "d", START));
        await().atMost(PATIENCE).until(() -> samples.size() >= 4);

        assertThat(reader.top(TopBy.MEMORY, List.of(), 10)).containsOnlyKeys("c", "d");
        assertThat(reader.top(TopBy.CPU, List.of("acme"), 1)).hasSize(1);
        assertThat(reader.top(TopBy.CPU, List.of("other"), 10)).isEmpty();
        Map<String, ContainerCounters> counters = reader.counters(RecordKey.partitionOf("x"));
        assertThat(counters).containsKey("d");
        ContainerCounters d = Objects.requireNonNull(counters.get("d"));
        assertThat(d.memWorkingSetBytes()).isEqualTo(10 * TestCounters.MIB);
        assertThat(d.cpuUserNanos()).isNull();
        assertThat(d.netRxBytes()).isEqualTo(500);
        assertThat(d.startedAt()).isEqualTo(START);
    }

    private TestCounters life(String container, CounterWay way) {
        TestCounters counters = new TestCounters(way);
        lives.computeIfAbsent(container, id -> new ConcurrentLinkedQueue<>()).add(counters);
        return counters;
    }

    private CounterReader open(InstanceState state) {
        TestCounters next = lives.getOrDefault(state.containerId(), new ConcurrentLinkedQueue<>())
                .poll();
        if (next == null) {
            throw new ContainerGoneException(state.containerId());
        }
        return next;
    }

    private List<Sample> of(String container) {
        return samples.stream()
                .filter(sample -> sample.containerId().equals(container))
                .toList();
    }

    private static InstanceState ended(String container, Instant finishedAt) {
        return state("w", container, InstanceStatus.EXITED, START, finishedAt, Map.of());
    }

    private static InstanceState labelled(String container, String interval) {
        return state("w", container, InstanceStatus.RUNNING, START, null, Map.of(Sampler.INTERVAL_LABEL, interval));
    }

    /** The wall clock, as somebody sets it. */
    private final class SteppedClock extends Clock {
        @Override
        public java.time.ZoneId getZone() {
            return java.time.ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(clockStep);
        }
    }
}
