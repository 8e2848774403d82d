package io.spyhop.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topic.Cleanup;
import io.spyhop.contracts.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicAdminIT extends BrokerCase {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Test
    void shouldCreateEveryTopicAsDeclaredAndChangeNothingWhenCalledAgain() throws Exception {
        // When
        TopicAdmin.ensure(connection, Topics.ALL, TIMEOUT);
        TopicAdmin.ensure(connection, Topics.ALL, TIMEOUT);

        // Then
        try (Admin admin = Admin.create(ClientConfig.admin(connection))) {
            List<String> names = Topics.ALL.stream().map(Topic::name).toList();
            assertThat(admin.describeTopics(names).allTopicNames().get().values())
                    .hasSize(Topics.ALL.size())
                    .allSatisfy(topic -> assertThat(topic.partitions()).hasSize(Topic.PARTITIONS));
            assertThat(setting(admin, Topics.INSTANCES.name(), "cleanup.policy"))
                    .isEqualTo("compact");
            assertThat(setting(admin, Topics.RUNS.name(), "cleanup.policy")).isEqualTo("compact,delete");
            assertThat(setting(admin, Topics.LINES.name(), "retention.bytes")).isEqualTo("67108864");
        }
    }

    @Test
    void shouldAdaptRetentionWhenTheTopicIsThereWithAnother() throws Exception {
        // Given
        Topic before = broker.topic(Cleanup.DELETE);
        Topic after = new Topic(before.name(), Cleanup.COMPACT_DELETE, Duration.ofHours(2), 32L * 1024 * 1024);

        // When
        TopicAdmin.ensure(connection, List.of(after), TIMEOUT);

        // Then
        try (Admin admin = Admin.create(ClientConfig.admin(connection))) {
            // The controller has it at once, the broker that answers here a little later.
            await().untilAsserted(() -> {
                assertThat(setting(admin, after.name(), "cleanup.policy")).isEqualTo("compact,delete");
                assertThat(setting(admin, after.name(), "retention.ms")).isEqualTo("7200000");
                assertThat(setting(admin, after.name(), "retention.bytes")).isEqualTo("33554432");
            });
        }
    }

    @Test
    void shouldRefuseATopicWhenItHasAnotherNumberOfPartitions() throws Exception {
        // Given
        Topic topic = new Topic("spyhop.test.narrow.v1", Cleanup.DELETE, Duration.ofHours(1), 1024 * 1024);
        try (Admin admin = Admin.create(ClientConfig.admin(connection))) {
            admin.createTopics(List.of(new NewTopic(topic.name(), Optional.of(3), Optional.empty())))
                    .all()
                    .get();
        }

        // Then
        assertThatThrownBy(() -> TopicAdmin.ensure(connection, List.of(topic), TIMEOUT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("spyhop.test.narrow.v1 has 3 partitions");
    }

    @Test
    void shouldWaitWhenTheBrokerComesLate(@TempDir Path other) throws Exception {
        // Given
        try (TestBroker late = new TestBroker(other)) {
            KafkaConnection connection = late.connection("test", "r1");
            late.stop();
            Topic topic = new Topic("spyhop.test.late.v1", Cleanup.DELETE, Duration.ofHours(1), 1024 * 1024);

            // When
            CompletableFuture<Void> ensured = CompletableFuture.runAsync(
                    () -> TopicAdmin.ensure(connection, List.of(topic), Duration.ofSeconds(60)));
            late.startAgain();

            // Then
            ensured.get(60, TimeUnit.SECONDS);
            assertThat(late.readAll(topic)).isEmpty();
        }
    }

    @Test
    void shouldGiveUpWhenNoBrokerAnswersInTime() {
        // Given
        KafkaConnection nowhere = new KafkaConnection("127.0.0.1:1", "test", "r1");

        // Then
        assertThatThrownBy(() -> TopicAdmin.ensure(nowhere, List.of(Topics.HOSTS), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no broker answered in time");
    }

    private static String setting(Admin admin, String topic, String name)
            throws InterruptedException, ExecutionException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config found = admin.describeConfigs(List.of(resource)).all().get().get(resource);
        return Objects.requireNonNull(found).get(name).value();
    }
}
