package io.spyhop.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topic.Cleanup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicHistoryIT extends BrokerCase {
    private static final RecordKey WEB = new RecordKey("web", "");
    private static final RecordKey WORKER = new RecordKey("worker-1", "");
    private static final List<Long> BEGIN = Collections.nCopies(Topic.PARTITIONS, 0L);

    private Topic topic;
    private TopicHistory history;

    @BeforeEach
    void start() {
        topic = broker.topic(Cleanup.DELETE);
        history = new TopicHistory(connection, topic);
    }

    @AfterEach
    void stop() {
        history.close();
    }

    @Test
    void shouldGiveEveryRecordOnceWhenReadPageByPageFromAPosition() throws Exception {
        // Given
        publish(WEB, "before");
        List<Long> start = history.end();
        List<String> written = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            publish(WEB, "w" + i);
            written.add("w" + i);
        }
        publish(WORKER, "other");

        // When
        List<String> web = new ArrayList<>();
        List<String> others = new ArrayList<>();
        int pages = 0;
        TopicHistory.Page page;
        List<Long> from = start;
        do {
            page = history.read(from, 100);
            page.records().forEach(record -> (record.key().equals(WEB) ? web : others).add(text(record)));
            from = page.next();
            pages++;
        } while (!page.complete());

        // Then
        assertThat(web).isEqualTo(written);
        assertThat(others).containsExactly("other");
        assertThat(pages).isGreaterThan(1);
        assertThat(page.passedOver()).isFalse();
        assertThat(from).isEqualTo(history.end());
        assertThat(history.read(from, 100)).isEqualTo(new TopicHistory.Page(List.of(), from, true, false));
    }

    @Test
    void shouldBeginAtTheFirstRecordAndSaySoWhenThePositionIsOfAnotherTopic() throws Exception {
        // Given
        publish(WEB, "a");
        List<Long> foreign = Collections.nCopies(Topic.PARTITIONS, 1_000_000L);

        // When
        TopicHistory.Page page = history.read(foreign, 100);

        // Then
        assertThat(page.records()).extracting(TopicHistoryIT::text).containsExactly("a");
        assertThat(page.passedOver()).isTrue();
        assertThat(page.complete()).isTrue();
    }

    @Test
    void shouldSayThatTheTopicIsAwayWhenNoBrokerAnswers() throws Exception {
        // Given
        publish(WEB, "a");
        broker.stop();

        // Then
        assertThatThrownBy(() -> history.read(BEGIN, 100)).isInstanceOf(TopicAwayException.class);

        // When
        broker.startAgain();

        // Then
        assertThat(history.read(BEGIN, 100).records())
                .extracting(TopicHistoryIT::text)
                .containsExactly("a");
    }

    private void publish(RecordKey key, String text) {
        TestBroker.publishBytes(publisher, topic, key, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(TopicRecord record) {
        return new String(Objects.requireNonNull(record.value()), StandardCharsets.UTF_8);
    }
}
