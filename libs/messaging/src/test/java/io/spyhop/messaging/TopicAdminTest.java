package io.spyhop.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.topic.Topics;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicAdminTest {
    @Test
    void shouldKeepSegmentsWellBelowTheBytesThatATopicMayKeep() {
        // When
        Map<String, String> config = TopicAdmin.configOf(Topics.LINES);

        // Then
        assertThat(config)
                .containsOnly(
                        Map.entry("cleanup.policy", "delete"),
                        Map.entry("retention.ms", "3600000"),
                        Map.entry("retention.bytes", "67108864"),
                        Map.entry("segment.bytes", "16777216"));
    }

    @Test
    void shouldKeepCompactedTopicsForEverAndCompactThemSoon() {
        // When
        Map<String, String> config = TopicAdmin.configOf(Topics.INSTANCES);

        // Then
        assertThat(config)
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("retention.ms", "-1")
                .containsEntry("retention.bytes", "-1")
                .containsEntry("segment.bytes", "4194304")
                .containsEntry("segment.ms", "3600000");
    }
}
