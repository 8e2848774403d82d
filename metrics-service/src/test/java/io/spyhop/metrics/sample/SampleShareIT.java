package io.spyhop.metrics.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
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
import io.spyhop.contracts.metric.InstanceUsage;
import io.spyhop.contracts.metric.Sample;
import io.spyhop.contracts.metric.UsageEvidence;
import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
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
import java.util.Objects;
import java.util.Set;
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
class SampleShareIT {
    private static final ObjectMapper JSON =
            JsonMapper.builder().addModule(new JavaTimeModule()).build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final WorkloadId WORKLOAD = new WorkloadId("burner");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedBroker broker;

    @SuppressWarnings("NullAway.Init")
    private static TopicPublisher publisher;

    private final DockerContainers containers = new DockerContainers();
    private final DockerEngine engine = DockerEngine.connectFromEnvironment();
    private final List<Sample> samples = new CopyOnWriteArrayList<>();
    private final List<UsageEvidence> evidence = new CopyOnWriteArrayList<>();
    private final List<Replica> replicas = new ArrayList<>();
    private final List<TopicTail> tails = new ArrayList<>();
    private final Set<RecordKey> told = new HashSet<>();

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
        for (Topic topic : List.of(Topics.SAMPLES, Topics.EVIDENCE)) {
            TopicTail tail = new TopicTail(connection(), topic, this::seen);
            tails.add(tail);
            IntStream.range(0, Topic.PARTITIONS)
                    .mapToObj(tail::watch)
                    .toList()
                    .forEach(watched -> watched.orTimeout(30, TimeUnit.SECONDS).join());
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (Replica replica : replicas) {
            replica.stop();
        }
        for (RecordKey key : told) {
            publish(key, null);
        }
        tails.forEach(TopicTail::close);
        containers.close();
        engine.close();
    }

    private static KafkaConnection connection() {
        return new KafkaConnection(broker.bootstrapServers(), "test", "0");
    }

    @Test
    void shouldSampleRealContainersByBothWays() throws InterruptedException {
        // Given
        String id = burner();
        Replica kernel = replica("0", Map.of());
        // When
        tell(id, InstanceStatus.RUNNING);
        await().atMost(PATIENCE).until(() -> samples.size() >= 3);
        InstanceUsage byKernel = usage(kernel, id);
        kernel.stop();
        replicas.clear();
        InstanceUsage byApi = usage(replica("0", Map.of("spyhop.metrics.read-files", "false")), id);
        // Then
        assertThat(byKernel.way()).isEqualTo("kernel");
        assertThat(byApi.way()).isEqualTo("api");
        assertThat(samples.get(2).usage().cpuPct()).isEqualTo(20, within(10.0));
        assertThat(byKernel.usage().cpuPct()).isEqualTo(20, within(15.0));
        assertThat(byApi.usage().cpuPct()).isEqualTo(20, within(15.0));
        assertThat(byKernel.usage().memLimited()).isTrue();
        assertThat(byKernel.usage().memLimitMb()).isEqualTo(64);
        assertThat(byApi.usage().memLimitMb()).isEqualTo(64);
        assertThat(byApi.usage().memUsedMb()).isEqualTo(byKernel.usage().memUsedMb(), within(1.0));
        assertThat(byKernel.usage().pids()).isEqualTo(1);
    }

    @Test
    void shouldTellTheRunUpOnceARealLifeEnds() {
        // Given
        String id = containers.run(
                "--memory=16m",
                "--memory-swap=16m",
                DockerContainers.NO_NETWORK,
                DockerContainers.IMAGE,
                "sh",
                "-c",
                "sleep 6; x=a; while :; do x=$x$x; done");
        replica("0", Map.of());
        tell(id, InstanceStatus.RUNNING);
        // When
        await().atMost(PATIENCE).until(() -> !details(id).alive());
        InstanceState ended = tell(id, InstanceStatus.CRASHED);
        // Then
        await().atMost(PATIENCE).until(() -> !evidence.isEmpty());
        UsageEvidence end = evidence.getFirst();
        assertThat(end.endedAt()).isEqualTo(ended.finishedAt());
        assertThat(end.lifeStartedAt()).isEqualTo(ended.startedAt());
        assertThat(end.usages()).hasSizeBetween(2, 5);
        assertThat(end.oomEvents()).isEqualTo(1);
        assertThat(end.usages())
                .allSatisfy(usage -> assertThat(usage.memUsedMb()).isBetween(0.01, 16.0));
    }

    @Test
    void shouldSampleOnByTheKernelWhileTheEngineIsAway() {
        // Given: no engine answers at all
        String id = burner();
        replica("0", Map.of("spyhop.hosts.local", "unix:///nonexistent/docker.sock"));

        tell(id, InstanceStatus.RUNNING);

        await().atMost(PATIENCE).until(() -> samples.size() >= 3);
        assertThat(samples.get(2).usage().cpuPct()).isEqualTo(20, within(10.0));
    }

    @Test
    void shouldTellNoFalseFigureWhenARealContainerIsPausedAndRestarted() {
        // Given
        String id = burner();
        replica("0", Map.of());
        tell(id, InstanceStatus.RUNNING);
        await().atMost(PATIENCE).until(() -> samples.size() >= 2);
        // When
        containers.docker("pause", id);
        tell(id, InstanceStatus.PAUSED);
        int paused = samples.size();
        await().atMost(PATIENCE).until(() -> samples.size() >= paused + 3);
        containers.docker("unpause", id);
        containers.docker("restart", "-t", "0", id);
        tell(id, InstanceStatus.RUNNING);
        int restarted = samples.size();
        await().atMost(PATIENCE).until(() -> samples.size() >= restarted + 3);
        // Then
        assertThat(samples.get(paused + 2).usage().cpuPct()).isZero();
        assertThat(samples)
                .allSatisfy(sample -> assertThat(
                                Objects.requireNonNullElse(sample.usage().cpuPct(), 0.0))
                        .isBetween(0.0, 40.0));
        assertThat(evidence).hasSize(1);
    }

    @Test
    void shouldBearAContainerThatIsGoneBeforeItIsLookedAt() {
        // Given
        String gone = containers.runScript("sleep 1000");
        InstanceState state = state(gone, InstanceStatus.RUNNING);
        containers.docker("rm", "-f", gone);
        String id = burner();
        replica("0", Map.of());
        // When
        publish(state);
        tell(id, InstanceStatus.RUNNING);
        // Then
        await().atMost(PATIENCE).until(() -> samples.size() >= 3);
        assertThat(samples).extracting(Sample::containerId).containsOnly(id);
    }

    @Test
    void shouldLeaveNoHoleWhenAnotherReplicaTakesOver() throws InterruptedException {
        // Given
        String id = burner();
        Replica first = replica("0", Map.of());
        tell(id, InstanceStatus.RUNNING);
        await().atMost(PATIENCE).until(() -> samples.size() >= 3);
        Replica second = replica("1", Map.of());
        await().atMost(PATIENCE)
                .until(() -> second.share.ready()
                        && second.share.partitionCount() == Topic.PARTITIONS / 2
                        && first.share.partitionCount() == Topic.PARTITIONS / 2);
        // When
        first.stop();
        second.stop();
        Instant stopped = Instant.now();
        replica("2", Map.of());
        await().atMost(PATIENCE).until(() -> samples.getLast().slot().isAfter(stopped.plusSeconds(2)));
        // Then: whoever sampled, of each slot there is one; taking a share over takes its time
        assertThat(samples).extracting(Sample::slot).doesNotHaveDuplicates();
        List<Sample> before = samples.stream()
                .filter(sample -> sample.slot().isBefore(stopped.minusSeconds(1)))
                .toList();
        assertThat(before.getLast().slot()).isAfter(stopped.minusSeconds(4));
        replicas.removeAll(List.of(first, second));
    }

    private String burner() {
        return containers.run(
                "--cpus=0.2",
                "--memory=64m",
                DockerContainers.NO_NETWORK,
                DockerContainers.IMAGE,
                "sh",
                "-c",
                "while :; do :; done");
    }

    private InstanceUsage usage(Replica replica, String id) throws InterruptedException {
        await().atMost(PATIENCE).until(() -> !replica.share.sampler().meters().isEmpty());
        return Objects.requireNonNull(
                new UsageReader(replica.share).usages(List.of(WORKLOAD)).get(id));
    }

    private void seen(TopicRecord record) {
        try {
            byte[] value = Objects.requireNonNull(record.value());
            if (record.topic().equals(Topics.SAMPLES.name())) {
                Sample sample = JSON.readValue(value, Sample.class);
                assertThat(record.key()).isEqualTo(sample.key());
                samples.add(sample);
            } else {
                evidence.add(JSON.readValue(value, UsageEvidence.class));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InstanceState tell(String id, InstanceStatus status) {
        InstanceState state = state(id, status);
        publish(state);
        return state;
    }

    private void publish(InstanceState state) {
        told.add(state.key());
        publish(state.key(), state);
    }

    private static void publish(RecordKey key, @Nullable InstanceState state) {
        publisher
                .publishJson(Topics.INSTANCES, key, state)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private InstanceState state(String id, InstanceStatus status) {
        return RealInstances.state(WORKLOAD, details(id), status);
    }

    private ContainerDetails details(String id) {
        return engine.inspect(id).orElseThrow();
    }

    private Replica replica(String name, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("spyhop.metrics.interval", "1s");
        all.put("spyhop.replica", name);
        all.put("kafka.bootstrap.servers", broker.bootstrapServers());
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(KafkaConfig.class)
                .withMapping(SpyhopConfig.class)
                .withMapping(HostsConfig.class)
                .withMapping(SampleConfig.class)
                .withValidateUnknown(false)
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .build();
        Replica replica = new Replica(config);
        replicas.add(replica);
        return replica;
    }

    private static final class Replica {
        final SampleConnections connections;
        final SampleShare share;

        Replica(SmallRyeConfig config) {
            SampleConfig sampling = config.getConfigMapping(SampleConfig.class);
            connections = new SampleConnections(
                    config.getConfigMapping(KafkaConfig.class),
                    config.getConfigMapping(SpyhopConfig.class),
                    config.getConfigMapping(HostsConfig.class),
                    sampling);
            share = new SampleShare(connections, new SampleMetrics(new SimpleMeterRegistry()), sampling);
            share.start(new StartupEvent());
        }

        void stop() throws InterruptedException {
            share.stop(new ShutdownEvent());
            connections.stop(new ShutdownEvent());
        }
    }
}
