package io.spyhop.ports.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.port.GonePort;
import io.spyhop.contracts.port.ListeningPort;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.SomeInstance;
import io.spyhop.embedded.EmbeddedBroker;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.HostsConfig;
import io.spyhop.engine.docker.DockerEngine;
import io.spyhop.messaging.KafkaConfig;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicAdmin;
import io.spyhop.messaging.TopicPublisher;
import io.spyhop.messaging.TopicRecord;
import io.spyhop.messaging.TopicTail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Shares of real containers, on a real broker that all tests use one after the other: each takes away what it told of its
 * containers.
 */
class DetectShareIT {
    private static final ObjectMapper JSON =
            JsonMapper.builder().addModule(new JavaTimeModule()).build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final WorkloadId WORKLOAD = new WorkloadId("web");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedBroker broker;

    @SuppressWarnings("NullAway.Init")
    private static TopicPublisher publisher;

    private final DockerContainers containers = new DockerContainers();
    private final DockerEngine engine = DockerEngine.connectFromEnvironment();
    private final List<ListeningPorts> records = new CopyOnWriteArrayList<>();
    private final Set<RecordKey> removed = ConcurrentHashMap.newKeySet();
    private final List<Replica> replicas = new ArrayList<>();
    private final Set<RecordKey> told = new HashSet<>();
    private TopicTail tail;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(directory, 0);
        TopicAdmin.ensureAll(connection());
        publisher = new TopicPublisher(connection());
    }

    @AfterAll
    static void stopBroker() {
        publisher.close();
        broker.close();
    }

    @BeforeEach
    void watch() {
        tail = new TopicTail(connection(), Topics.PORTS, this::seen);
        IntStream.range(0, Topic.PARTITIONS)
                .mapToObj(tail::watch)
                .toList()
                .forEach(watched -> watched.orTimeout(30, TimeUnit.SECONDS).join());
    }

    @AfterEach
    void stop() throws Exception {
        for (Replica replica : replicas) {
            replica.stop();
        }
        for (RecordKey key : told) {
            publish(Topics.INSTANCES, key, null);
            publish(Topics.PORTS, key, null);
        }
        tail.close();
        containers.close();
        engine.close();
    }

    private static KafkaConnection connection() {
        return new KafkaConnection(broker.bootstrapServers(), "test", "0");
    }

    @Test
    void shouldAnnounceAPortWithinFiveSecondsAndTakeAllAwayAtTheEnd() {
        // Given: the intervals that everybody has
        String id = containers.run(DockerContainers.IMAGE, "sh", "-c", "httpd -p 127.0.0.1:8081; exec sleep 1000");
        replica("0", Map.of("spyhop.ports.local-interval", "2s"));
        tell(id, InstanceStatus.RUNNING);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ports(id)).containsExactly(8081));

        // When
        Instant begin = Instant.now();
        containers.docker("exec", id, "httpd", "-p", "8082");

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ports(id)).containsExactly(8081, 8082));
        ListeningPorts both = newest(id).orElseThrow();
        assertThat(Duration.between(begin, both.at())).isLessThan(Duration.ofSeconds(5));
        assertThat(both.way()).isEqualTo("namespace");
        assertThat(both.addresses()).hasSize(1);
        assertThat(both.opened()).containsExactly(8082);
        assertThat(both.ports())
                .extracting(ListeningPort::address, ListeningPort::process)
                .containsExactly(tuple(ListeningPort.LOOPBACK, "httpd"), tuple(ListeningPort.ALL, "httpd"));

        // When / Then: at the end all are gone at once, and with the container the record is
        containers.docker("kill", id);
        tell(id, InstanceStatus.STOPPED);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ports(id)).isEmpty());
        assertThat(newest(id).orElseThrow().gone()).extracting(GonePort::port).containsExactlyInAnyOrder(8081, 8082);
        publish(Topics.INSTANCES, key(id), null);
        await().atMost(PATIENCE).until(() -> removed.contains(key(id)));
    }

    @Test
    void shouldFindTheSameByProgramsOfTheContainersOwn() {
        // Given
        String id = containers.runScript("httpd -p 127.0.0.1:8081; exec sleep 1000");
        replica("0", Map.of("spyhop.ports.enter-namespaces", "false", "spyhop.ports.interval", "1s"));

        // When
        tell(id, InstanceStatus.RUNNING);

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ports(id)).containsExactly(8081));
        assertThat(newest(id).orElseThrow().way()).isEqualTo("proc");
        assertThat(newest(id).orElseThrow().ports().getFirst().process()).isEqualTo("httpd");
    }

    @Test
    void shouldTellNothingOfWhatListensForAMomentOnly() {
        // Given: a third of a second each, on ports that systems give to who asks for any
        String id = containers.runScript(
                "httpd -p 8081; n=40000;" + " while :; do n=$((n + 1)); nc -l -p $n & sleep 0.3; kill $!; done");
        Replica replica = replica("0", Map.of());

        // When
        tell(id, InstanceStatus.RUNNING);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ports(id)).contains(8081));
        double before = replica.looks();
        await().atMost(PATIENCE).until(() -> replica.looks() >= before + 10);

        // Then
        assertThat(records.stream().flatMap(each -> each.opened().stream())).containsExactly(8081);
        assertThat(records.stream().flatMap(each -> each.closed().stream())).isEmpty();
    }

    @Test
    void shouldTellWhatChangedWhileTheBrokerWasAway() throws Exception {
        // Given
        String id = containers.runScript("httpd -p 8081; exec sleep 1000");
        Replica replica = replica("0", Map.of());
        tell(id, InstanceStatus.RUNNING);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ports(id)).containsExactly(8081));

        // When
        broker.close();
        containers.docker("exec", id, "httpd", "-p", "8082");
        double before = replica.looks();
        await().atMost(PATIENCE).until(() -> replica.looks() >= before + 4);
        broker = EmbeddedBroker.start(directory, broker.port());

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ports(id)).containsExactly(8081, 8082));
    }

    @Test
    void shouldChangeNothingWhenAnotherReplicaTakesOver() throws Exception {
        // Given
        String id = containers.runScript("httpd -p 8081; exec sleep 1000");
        Replica first = replica("0", Map.of());
        tell(id, InstanceStatus.RUNNING);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ports(id)).containsExactly(8081));
        ListeningPorts before = newest(id).orElseThrow();
        // One that was removed while nobody looked.
        ListeningPorts orphan = of("gone", before);
        publish(Topics.PORTS, orphan.key(), orphan);

        // When
        first.stop();
        replicas.remove(first);
        Replica second = replica("1", Map.of());
        await().atMost(PATIENCE).until(() -> second.looks() >= 3);
        containers.docker("exec", id, "httpd", "-p", "8082");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ports(id)).containsExactly(8081, 8082));

        // Then
        assertThat(newest(id).orElseThrow().ports().getFirst())
                .isEqualTo(before.ports().getFirst());
        assertThat(records.stream().flatMap(each -> each.closed().stream())).isEmpty();
        await().atMost(PATIENCE).until(() -> removed.contains(orphan.key()));
    }

    @Test
    void shouldBeginAnewWithEachLife() {
        // Given
        String id = containers.runScript("httpd -p 8081; exec sleep 1000");
        replica("0", Map.of());
        tell(id, InstanceStatus.RUNNING);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ports(id)).containsExactly(8081));
        Instant since = newest(id).orElseThrow().ports().getFirst().since();

        // When: the namespace is another one
        containers.docker("restart", "-t", "0", id);
        tell(id, InstanceStatus.RUNNING);

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(ports(id)).containsExactly(8081);
            assertThat(newest(id).orElseThrow().ports().getFirst().since()).isAfter(since);
        });
    }

    private static ListeningPorts of(String containerId, ListeningPorts record) {
        return new ListeningPorts(
                record.workload(),
                record.org(),
                record.host(),
                containerId,
                1,
                record.startedAt(),
                record.pid(),
                false,
                List.of(),
                null,
                record.way(),
                record.at(),
                record.ports(),
                0,
                List.of(),
                List.of(),
                List.of());
    }

    private Optional<ListeningPorts> newest(String id) {
        return records.stream()
                .filter(record -> record.containerId().equals(id))
                .reduce((one, other) -> other);
    }

    private List<Integer> ports(String id) {
        assertThat(newest(id)).isPresent();
        return newest(id).orElseThrow().ports().stream()
                .map(ListeningPort::port)
                .toList();
    }

    private void seen(TopicRecord record) {
        try {
            byte[] value = record.value();
            if (value == null) {
                removed.add(record.key());
                return;
            }
            ListeningPorts ports = JSON.readValue(value, ListeningPorts.class);
            assertThat(record.key()).isEqualTo(ports.key());
            records.add(ports);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RecordKey key(String id) {
        return RecordKey.of(WORKLOAD, id);
    }

    private void tell(String id, InstanceStatus status) {
        InstanceState state = state(id, status);
        told.add(state.key());
        publish(Topics.INSTANCES, state.key(), state);
    }

    private static void publish(Topic topic, RecordKey key, @Nullable Object value) {
        publisher.publishJson(topic, key, value).orTimeout(30, TimeUnit.SECONDS).join();
    }

    private InstanceState state(String id, InstanceStatus status) {
        ContainerDetails details = engine.inspect(id).orElseThrow();
        return SomeInstance.of(WORKLOAD, id)
                .in("acme", null)
                .named(details.name())
                .status(status)
                .image(details.image())
                .labels(details.labels())
                .pid(details.pid())
                .exit(details.exitCode(), details.oomKilled())
                .created(details.createdAt())
                .lived(details.startedAt(), details.finishedAt())
                .state();
    }

    private Replica replica(String name, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of("spyhop.ports.local-interval", "1s"));
        all.putAll(settings);
        all.put("spyhop.replica", name);
        all.put("kafka.bootstrap.servers", broker.bootstrapServers());
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(KafkaConfig.class)
                .withMapping(SpyhopConfig.class)
                .withMapping(HostsConfig.class)
                .withMapping(DetectConfig.class)
                .withValidateUnknown(false)
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .build();
        Replica replica = new Replica(config);
        replicas.add(replica);
        return replica;
    }

    private static final class Replica {
        final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        final DetectConnections connections;
        final DetectShare share;

        Replica(SmallRyeConfig config) {
            DetectConfig detecting = config.getConfigMapping(DetectConfig.class);
            connections = new DetectConnections(
                    config.getConfigMapping(KafkaConfig.class),
                    config.getConfigMapping(SpyhopConfig.class),
                    config.getConfigMapping(HostsConfig.class),
                    detecting);
            share = new DetectShare(connections, new DetectMetrics(meters), detecting);
            share.start(new StartupEvent());
        }

        /** How many times containers were looked at from inside their namespaces. */
        double looks() {
            return meters.get("spyhop_ports_looks")
                    .tag("way", "namespace")
                    .counter()
                    .count();
        }

        void stop() throws InterruptedException {
            share.stop(new ShutdownEvent());
            connections.stop(new ShutdownEvent());
        }
    }
}
