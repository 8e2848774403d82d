package io.spyhop.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spyhop.contracts.topic.RecordKey;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RecordsTest {
    @Test
    void shouldGiveKeyValueAndTheLastHeaderOfAName() throws Records.UnreadableException {
        // Given
        ConsumerRecord<byte[], byte[]> raw = new ConsumerRecord<>("t", 3, 17, utf8("web|c1"), utf8("v"));
        raw.headers().add("h", utf8("old")).add("h", utf8("new"));

        // When
        TopicRecord record = Records.of(raw);

        // Then
        assertThat(record.topic()).isEqualTo("t");
        assertThat(record.partition()).isEqualTo(3);
        assertThat(record.offset()).isEqualTo(17);
        assertThat(record.key()).isEqualTo(new RecordKey("web", "c1"));
        assertThat(record.value()).isEqualTo(utf8("v"));
        assertThat(record.header().apply("h")).isEqualTo(utf8("new"));
        assertThat(record.header().apply("other")).isNull();
    }

    @Test
    void shouldRefuseARecordWhenItHasNoKey() {
        // Then
        assertThatThrownBy(() -> Records.of(new ConsumerRecord<>("t", 0, 0, null, utf8("v"))))
                .isInstanceOf(Records.UnreadableException.class);
        assertThatThrownBy(() -> Records.of(new ConsumerRecord<>("t", 0, 0, new byte[0], utf8("v"))))
                .isInstanceOf(Records.UnreadableException.class);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
