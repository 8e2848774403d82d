package io.spyhop.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.topic.Topics;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientConfigTest {
    private final KafkaConnection connection = new KafkaConnection("127.0.0.1:9092", "log-service", "r1");

    @Test
    void shouldGiveEachTableAndConsumerOfAServiceAGroupOfItsOwn() {
        // When
        List<String> groups = List.of(
                ClientConfig.tableGroup(connection, Topics.INSTANCES),
                ClientConfig.tableGroup(connection, Topics.HOSTS),
                ClientConfig.batchGroup(connection, Topics.INSTANCES));

        // Then
        assertThat(groups)
                .containsExactly(
                        "log-service-spyhop.workloads.instances.v1",
                        "log-service-spyhop.hosts.v1",
                        "log-service-spyhop.workloads.instances.v1-batch");
    }

    @Test
    void shouldMakeMembersStaticAndNeverCommitByThemselves() {
        // When
        var config = ClientConfig.member(connection, "g");

        // Then
        assertThat(config)
                .containsEntry("group.id", "g")
                .containsEntry("group.instance.id", "g-r1")
                .containsEntry("group.protocol", "classic")
                .containsEntry("session.timeout.ms", 6000)
                .containsEntry("heartbeat.interval.ms", 2000)
                .containsEntry("fetch.max.wait.ms", 2000)
                .containsEntry("enable.auto.commit", false)
                .containsEntry("partition.assignment.strategy", "org.apache.kafka.clients.consumer.RangeAssignor");
    }

    @Test
    void shouldSayLessToTheBrokerWhenASessionIsLongerUnlessPartitionsAreHeldBack() {
        // Given
        var patient = new KafkaConnection("127.0.0.1:9092", "log-service", "r1", Duration.ofSeconds(15));
        var forever = new KafkaConnection("127.0.0.1:9092", "log-service", "r1", Duration.ofMinutes(30));

        // When
        var member = ClientConfig.member(patient, "g");
        var holding = ClientConfig.holdingMember(patient, "g");

        // Then
        assertThat(member)
                .containsEntry("session.timeout.ms", 15_000)
                .containsEntry("heartbeat.interval.ms", 5000)
                .containsEntry("fetch.max.wait.ms", 5000)
                .containsEntry("retry.backoff.ms", 750L);
        assertThat(ClientConfig.member(forever, "g"))
                .as("but no question is kept for longer than its request lives")
                .containsEntry("session.timeout.ms", 1_800_000)
                .containsEntry("heartbeat.interval.ms", 5000)
                .containsEntry("fetch.max.wait.ms", 5000)
                .containsEntry("request.timeout.ms", 10_000)
                .containsEntry("retry.backoff.ms", 750L);
        assertThat(holding).containsEntry("session.timeout.ms", 15_000).containsEntry("fetch.max.wait.ms", 2000);
    }

    @Test
    void shouldBoundWhatAPublisherHoldsAndHowLong() {
        // When
        var config = ClientConfig.producer(connection, Duration.ofMillis(20));

        // Then
        assertThat(config)
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("linger.ms", 20L)
                .containsEntry("compression.type", "none")
                .containsEntry("buffer.memory", 33_554_432L)
                .containsEntry("max.request.size", 1_048_576)
                .containsEntry("delivery.timeout.ms", 30_000)
                .containsEntry("max.block.ms", 10L);
    }
}
