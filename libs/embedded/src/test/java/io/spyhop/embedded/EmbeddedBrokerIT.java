package io.spyhop.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.yammer.metrics.core.Meter;
import com.yammer.metrics.core.Timer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.server.metrics.KafkaYammerMetrics;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {
    private static final String TOPIC = "lines";
    private static final int PARTITIONS = 3;

    private static final List<String> ACKNOWLEDGED = values("acknowledged", 200);

    /** What a process left that was killed. */
    @TempDir
    static Path left;

    @TempDir
    Path directory;

    private static String refusal = "";

    @BeforeAll
    static void kill() throws Exception {
        try (ChildJvm child = ChildJvm.holding(EmbeddedBroker.class, left)) {
            refusal = String.valueOf(catchThrowableOfType(EmbeddedException.class, () -> EmbeddedBroker.start(left, 0))
                    .getMessage());
            createTopic(child.address());
            send(child.address(), ACKNOWLEDGED);
            child.kill();
        }
    }

    @Test
    void shouldKeepRecordsAndOffsetsWhenRestartedOnAnotherPort() throws Exception {
        // Given
        List<String> sent = values("before", 50);
        int formerPort;
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            formerPort = broker.port();
            createTopic(broker.bootstrapServers());
            send(broker.bootstrapServers(), sent);
            assertThat(receive(broker.bootstrapServers(), sent.size())).containsExactlyInAnyOrderElementsOf(sent);
        }
        int otherPort = freePortOtherThan(formerPort);

        // When
        List<String> later = values("after", 5);
        List<String> received;
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, otherPort)) {
            send(broker.bootstrapServers(), later);
            received = receive(broker.bootstrapServers(), later.size());

            // Then
            assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + otherPort);
            // Each would be computed anew every few seconds.
            assertThat(KafkaYammerMetrics.defaultRegistry().allMetrics().values())
                    .isNotEmpty()
                    .noneMatch(Meter.class::isInstance)
                    .noneMatch(Timer.class::isInstance);
        }
        assertThat(received).containsExactlyInAnyOrderElementsOf(later);
    }

    @Test
    void shouldKeepAcknowledgedRecordsWhenKilled() throws Exception {
        // Given
        copy(left, directory);

        // When
        long begin = System.nanoTime();
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            List<String> received = receive(broker.bootstrapServers(), ACKNOWLEDGED.size());

            // Then
            assertThat(received).containsExactlyInAnyOrderElementsOf(ACKNOWLEDGED);
            assertThat(took).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void shouldDropATornTailWhenKilledInTheMiddleOfAWrite() throws Exception {
        // Given
        copy(left, directory);
        List<Path> segments = segments();
        for (Path segment : segments) {
            Files.write(segment, new byte[] {0, 0, 0, 0, 1, 2, 3}, StandardOpenOption.APPEND);
        }

        // When
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {
            List<String> received = receive(broker.bootstrapServers(), ACKNOWLEDGED.size());

            // Then
            assertThat(segments).hasSizeGreaterThanOrEqualTo(PARTITIONS + 1);
            assertThat(received).containsExactlyInAnyOrderElementsOf(ACKNOWLEDGED);
        }
    }

    @Test
    void shouldRefuseASecondStartWhenOneRunsInAnotherProcess() {
        // When / Then: while the one ran that was killed
        assertThat(refusal).contains("is in use by a running process (");
    }

    @Test
    void shouldRefuseASecondStartWhenOneRunsInThisProcess() {
        // Given
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0)) {

            // When / Then
            assertThatThrownBy(() -> EmbeddedBroker.start(directory, 0))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
            assertThat(broker.bootstrapServers()).startsWith("127.0.0.1:");
        }
    }

    @Test
    void shouldSayWhichPortWhenItIsTaken() throws Exception {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {

            // When / Then
            assertThatThrownBy(() -> EmbeddedBroker.start(directory, taken.getLocalPort()))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining("did not start on port " + taken.getLocalPort());
        }
        // The directory is free again.
        EmbeddedBroker.start(directory, 0).close();
    }

    @Test
    void shouldNotCreateTopicsWhenClientsOnlyNameThem() {
        // Given
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
                Admin admin = admin(broker.bootstrapServers())) {

            // When / Then
            assertThatThrownBy(() -> admin.describeTopics(List.of("misspelt"))
                            .allTopicNames()
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.skip(1).toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(path -> path.toString().endsWith(".log")).toList();
        }
    }

    private static List<String> values(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + "-" + i).toList();
    }

    private static int freePortOtherThan(int port) throws IOException {
        int found = FreePort.any();
        return found == port ? freePortOtherThan(port) : found;
    }

    private static Admin admin(String bootstrapServers) {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    private static void createTopic(String bootstrapServers) throws Exception {
        try (Admin admin = admin(bootstrapServers)) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static void send(String bootstrapServers, List<String> values) throws Exception {
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings)) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(TOPIC, value, value)).get();
            }
        }
    }

    /** What the one group of these tests has not yet seen. */
    private static List<String> receive(String bootstrapServers, int count) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.GROUP_ID_CONFIG,
                "tests",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class);
        List<String> received = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings)) {
            consumer.subscribe(List.of(TOPIC));
            await().atMost(Duration.ofSeconds(30)).pollDelay(Duration.ZERO).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(found -> received.add(found.value()));
                return received.size() >= count;
            });
            consumer.commitSync();
        }
        return received;
    }
}
