package io.spyhop.ports.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.port.GonePort;
import io.spyhop.contracts.port.ListeningPort;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.SomeInstance;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.ListenReader;
import io.spyhop.engine.ListenSocket;
import io.spyhop.engine.ListenWay;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each has a detector of its own, which makes its rounds by itself: they wait side by side. */
@Execution(ExecutionMode.CONCURRENT)
class DetectorTest {
    private static final Duration INTERVAL = Duration.ofMillis(50);

    private final Instant old = Instant.now().minusSeconds(100);
    private final Map<String, FakeListeners> listeners = new ConcurrentHashMap<>();
    private final FakeRecords records = new FakeRecords();
    private final FakeShare share = new FakeShare();
    private final Detector detector = new Detector(
            new FakeEngines(),
            records,
            share,
            new DetectMetrics(new SimpleMeterRegistry()),
            INTERVAL,
            INTERVAL,
            Clock.systemUTC());

    private final class FakeEngines implements Detector.Engines {
        @Override
        public ListenReader listeners(InstanceState instance) {
            return Optional.ofNullable(listeners.get(instance.containerId()))
                    .orElseThrow(() -> new ContainerGoneException(instance.containerId()));
        }

        @Override
        public List<String> addresses(InstanceState instance) {
            if (instance.containerId().equals("deaf")) {
                throw new EngineException("away", null);
            }
            return List.of("172.17.0.9");
        }
    }

    /** The topic in memory, which may be away. */
    private static final class FakeRecords implements Detector.Records {
        final Map<RecordKey, ListeningPorts> held = new ConcurrentHashMap<>();
        final List<ListeningPorts> sent = new CopyOnWriteArrayList<>();
        volatile boolean away;

        @Override
        public CompletableFuture<Void> send(RecordKey key, @Nullable ListeningPorts record) {
            if (away) {
                return CompletableFuture.failedFuture(new IOException("away"));
            }
            if (record == null) {
                held.remove(key);
            } else {
                held.put(key, record);
                sent.add(record);
            }
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public Map<RecordKey, ListeningPorts> read() {
            if (away) {
                throw new IllegalStateException("away");
            }
            return new HashMap<>(held);
        }
    }

    private static final class FakeShare implements Detector.Share {
        volatile Set<Integer> partitions = Set.of();
        final Set<RecordKey> containers = ConcurrentHashMap.newKeySet();

        @Override
        public Set<Integer> partitions() {
            return partitions;
        }

        @Override
        public Set<RecordKey> containers() {
            return containers;
        }
    }

    @BeforeEach
    void start() {
        detector.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        detector.stop();
        assertThat(listeners.values()).allMatch(each -> each.closed || each.looks.get() == 0);
    }

    @ParameterizedTest
    @EnumSource(ListenWay.class)
    void shouldAnnounceWhatOpensAndCloses(ListenWay way) {
        // Given
        FakeListeners container = container("c", way);
        container.listen(80);
        tell(state("c", old));
        await().untilAsserted(() -> assertThat(ports("c")).containsExactly(80));

        // When
        container.listen(443, 8080);

        // Then
        await().untilAsserted(() -> assertThat(ports("c")).containsExactly(443, 8080));
        ListeningPorts told = told("c");
        assertThat(told.way()).isEqualTo(way.wire());
        assertThat(told.addresses()).containsExactly("172.17.0.9");
        assertThat(told.pid()).isEqualTo(17);
        assertThat(told.startedAt()).isEqualTo(old);
        assertThat(told.visibility()).isEqualTo("public");
        assertThat(told.gone()).extracting(GonePort::port).containsExactly(80);
        assertThat(records.sent.stream().flatMap(each -> each.opened().stream()))
                .containsExactly(80, 443, 8080);
        assertThat(records.sent.stream().flatMap(each -> each.closed().stream()))
                .containsExactly(80);
    }

    @Test
    void shouldTellNothingMoreWhileNothingChanges() {
        // Given
        FakeListeners container = container("c", ListenWay.NAMESPACE).listen(80);
        tell(state("c", old));
        await().until(() -> found("c") != null);
        int before = container.looks.get();

        // When
        await().until(() -> container.looks.get() > before + 10);

        // Then: once without, once with what was seen twice, or both at once
        assertThat(records.sent).hasSizeBetween(1, 2);
    }

    @Test
    void shouldTakeAllAwayAtTheEndOfALifeAndBeginAnewWithTheNext() {
        // Given
        FakeListeners first = container("c", ListenWay.NAMESPACE).listen(80);
        tell(state("c", old));
        await().untilAsserted(() -> assertThat(ports("c")).containsExactly(80));

        // When / Then
        tell(state("c", old).with(InstanceStatus.EXITED));
        await().untilAsserted(() -> assertThat(ports("c")).isEmpty());
        assertThat(first.closed).isTrue();
        assertThat(told("c").pid()).isNull();
        assertThat(told("c").gone()).extracting(GonePort::port).containsExactly(80);

        // When / Then: one look is enough while a life begins
        container("c", ListenWay.NAMESPACE).listen(80);
        Instant begin = Instant.now();
        tell(state("c", begin));
        await().untilAsserted(() -> assertThat(ports("c")).containsExactly(80));
        assertThat(told("c").startedAt()).isEqualTo(begin);
        assertThat(told("c").gone()).isEmpty();
    }

    @Test
    void shouldLeaveNothingOfAContainerThatIsRemoved() {
        // Given
        container("c", ListenWay.NAMESPACE).listen(80);
        tell(state("c", old));
        await().untilAsserted(() -> assertThat(ports("c")).containsExactly(80));

        // When
        share.containers.remove(key("c"));
        detector.removed(key("c"));

        // Then
        await().until(() -> records.held.isEmpty());
    }

    @Test
    void shouldGoOnWithWhatAFormerOwnerAnnounced() {
        // Given: one whose ports are still there, and one that was removed while nobody looked
        ListeningPort before = new ListeningPort(80, ListeningPort.ALL, "127.0.0.1", "p", 1L, old.plusSeconds(1));
        records.held.put(key("c"), record("c", before));
        records.held.put(key("gone"), record("gone", before));
        FakeListeners container = container("c", ListenWay.NAMESPACE).listen(80, 443);

        // When
        tell(state("c", old));

        // Then
        await().untilAsserted(() -> assertThat(ports("c")).containsExactly(80, 443));
        assertThat(told("c").ports().getFirst()).isEqualTo(before);
        assertThat(told("c").opened()).containsExactly(443);
        await().until(() -> !records.held.containsKey(key("gone")));
        assertThat(container.looks.get()).isPositive();
    }

    @Test
    void shouldTellAllWhenTheBrokerWasAway() {
        // Given
        records.away = true;
        FakeListeners container = container("c", ListenWay.NAMESPACE).listen(80);
        tell(state("c", old));
        records.away = false;
        await().untilAsserted(() -> assertThat(ports("c")).containsExactly(80));
        records.away = true;
        container.listen(81);
        int looks = container.looks.get();
        await().until(() -> container.looks.get() > looks + 10);

        // When
        records.away = false;

        // Then
        await().untilAsserted(() -> assertThat(ports("c")).containsExactly(81));
        assertThat(told("c").opened()).containsExactly(81);
        assertThat(told("c").closed()).containsExactly(80);
    }

    @Test
    void shouldLetGoOfALostPartitionAndTellNothingMoreOfIt() {
        // Given
        FakeListeners container = container("c", ListenWay.NAMESPACE).listen(80);
        tell(state("c", old));
        await().untilAsserted(() -> assertThat(ports("c")).containsExactly(80));

        // When
        share.partitions = Set.of();
        detector.lost(key("c").partition());

        // Then
        await().until(() -> container.closed);
        assertThat(records.held).containsOnlyKeys(key("c"));
    }

    @Test
    void shouldBearAContainerThatCannotBeLookedAtBesideOthers() {
        // Given: gone, with no program, with an engine that tells no addresses
        tell(state("gone", old));
        FakeListeners bare = container("bare", null);
        tell(state("bare", old));
        container("deaf", ListenWay.NAMESPACE).listen(80);

        // When
        tell(state("deaf", old));

        // Then
        await().untilAsserted(() -> assertThat(ports("deaf")).containsExactly(80));
        await().until(() -> bare.looks.get() == 1);
        assertThat(told("deaf").addresses()).isEmpty();
        assertThat(records.held).containsOnlyKeys(key("deaf"));
    }

    @Test
    void shouldTellThatThereAreMorePortsThanARecordHolds() throws IOException {
        // Given: as large as each can be
        String address = "fe80:1234:1234:1234:1234:1234:1234:1234";
        FakeListeners container = container("c", ListenWay.NAMESPACE);
        container.listen(IntStream.rangeClosed(60_001, 65_000)
                .mapToObj(port -> new ListenSocket(port, address, false, "a name of 15 ch", 4_194_304L))
                .toList());

        // When
        tell(state("c", old));

        // Then: a broker takes it
        await().untilAsserted(() -> assertThat(ports("c")).hasSize(DetectLimits.PORTS_MAX));
        assertThat(told("c").omitted()).isEqualTo(5000 - DetectLimits.PORTS_MAX);
        assertThat(JsonMapper.builder()
                        .addModule(new JavaTimeModule())
                        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                        .build()
                        .writeValueAsBytes(told("c")))
                .hasSizeLessThan(1_000_000);
    }

    @Test
    void shouldKeepWhatIsAnnouncedWhenALookFails() {
        // Given
        FakeListeners container = container("c", ListenWay.SS).listen(80);
        tell(state("c", old));
        await().untilAsserted(() -> assertThat(ports("c")).containsExactly(80));

        // When: as while it is paused
        container.vanish();
        int looks = container.looks.get();
        await().until(() -> container.looks.get() > looks + 5);

        // Then
        assertThat(ports("c")).containsExactly(80);
    }

    private FakeListeners container(String id, @Nullable ListenWay way) {
        FakeListeners fake = new FakeListeners(way);
        listeners.put(id, fake);
        return fake;
    }

    private void tell(InstanceState state) {
        // Only now: what the topic holds is read once, and is to be there by then.
        share.partitions = Set.of(state.key().partition());
        share.containers.add(state.key());
        detector.changed(state);
    }

    private @Nullable ListeningPorts found(String id) {
        return records.held.get(key(id));
    }

    private ListeningPorts told(String id) {
        return Optional.ofNullable(found(id)).orElseThrow();
    }

    private List<Integer> ports(String id) {
        assertThat(found(id)).isNotNull();
        return told(id).ports().stream().map(ListeningPort::port).toList();
    }

    private static RecordKey key(String id) {
        return RecordKey.of(new WorkloadId("web"), id);
    }

    private ListeningPorts record(String id, ListeningPort... ports) {
        return new ListeningPorts(
                new WorkloadId("web"),
                "acme",
                "local",
                id,
                0,
                old,
                17L,
                false,
                List.of("172.17.0.9"),
                "public",
                "namespace",
                old.plusSeconds(2),
                List.of(ports),
                0,
                List.of(),
                List.of(),
                List.of());
    }

    private static InstanceState state(String id, Instant startedAt) {
        return SomeInstance.of("web", id)
                .in("acme", null)
                .labels(Map.of(ListeningPorts.VISIBILITY_LABEL, "public"))
                .pid(17L)
                .created(startedAt)
                .lived(startedAt, null)
                .state();
    }
}
