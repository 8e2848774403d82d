package io.spyhop.gateway.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.topic.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventCursorTest {
    @Test
    void shouldReadWhatItWroteWhateverTheOffsets() {
        // Given
        List<Long> position = new ArrayList<>(List.of(0L, 1L, 127L, 128L, 16_383L, 16_384L, 1L << 40, Long.MAX_VALUE));
        position.addAll(Collections.nCopies(EventSource.PARTITIONS - position.size(), 7L));

        // When
        String cursor = EventCursor.write(position);

        // Then
        assertThat(EventCursor.read("id", cursor)).isEqualTo(position);
        assertThat(cursor).matches("[A-Za-z0-9_-]+");
        assertThat(EventCursor.write(Collections.nCopies(EventSource.PARTITIONS, 100L)))
                .hasSizeLessThan(60);
    }

    @Test
    void shouldBeginNowWithWhatItDoesNotKnowWhenItIsOfTheFirstVersion() {
        // Given: twelve offsets, as it was written before ports were told
        byte[] bytes = {1, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5};

        // When
        List<Long> position =
                EventCursor.read("id", Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));

        // Then
        assertThat(position.subList(0, Topic.PARTITIONS)).containsOnly(5L);
        assertThat(position.subList(Topic.PARTITIONS, EventSource.PARTITIONS)).containsOnly(EventCursor.PRESENT);
    }

    @Test
    void shouldBeginRunsNowWhenItIsOfTheSecondVersion() {
        // Given: twice twelve offsets, as it was written before runs were told
        byte[] bytes = new byte[1 + 2 * Topic.PARTITIONS];
        Arrays.fill(bytes, (byte) 5);
        bytes[0] = 2;

        // When
        List<Long> position =
                EventCursor.read("id", Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));

        // Then
        assertThat(position.subList(0, 2 * Topic.PARTITIONS)).containsOnly(5L);
        assertThat(position.subList(2 * Topic.PARTITIONS, EventSource.PARTITIONS))
                .containsOnly(EventCursor.PRESENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "17", "AQ", "AAAAAAAAAAAAAAAAAA", "AQAAAAAAAAAAAAAAAAAA", "AQ______________", "ü", "%"})
    void shouldRefuseWhenItIsNoCursor(String cursor) {
        // Then
        assertThatThrownBy(() -> EventCursor.read("id", cursor))
                .isInstanceOf(SpyhopException.class)
                .hasMessageStartingWith("id: ");
    }
}
