package io.spyhop.contracts.topic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TopicsTest {
    /** Longer names are refused by Kafka. */
    private static final int NAME_LENGTH_MAX = 249;

    @Test
    void shouldNameEveryTopicOnceAndAlike() {
        // Then
        assertThat(Topics.ALL)
                .extracting(Topic::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("spyhop\\.[a-z]+(\\.[a-z]+)?\\.v\\d+"));
    }

    @Test
    void shouldBoundWhatIsNotCompacted() {
        // Then
        assertThat(Topics.ALL)
                .filteredOn(topic -> topic.cleanup() != Topic.Cleanup.COMPACT)
                .allSatisfy(topic -> {
                    assertThat(topic.retentionBytes()).isBetween(1L, 64L * 1024 * 1024);
                    assertThat(topic.retention()).isPositive();
                });
    }

    @Test
    void shouldNameDeadLettersAfterTopicAndGroup() {
        // When
        Topic deadLetters = Topics.deadLetters(Topics.INGEST, "log-service-" + Topics.INSTANCES.name());

        // Then
        assertThat(deadLetters.name())
                .isEqualTo("spyhop.logs.ingest.v1.log-service-spyhop.workloads.instances.v1.dlq")
                .hasSizeLessThan(NAME_LENGTH_MAX);
        assertThat(deadLetters.cleanup()).isEqualTo(Topic.Cleanup.DELETE);
    }
}
