package io.spyhop.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topic.Cleanup;
import io.spyhop.contracts.trace.CurrentTrace;
import io.spyhop.contracts.trace.TraceContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A trace goes with a record, from whoever writes it to whoever handles it. */
class TraceIT extends BrokerCase {
    private static final RecordKey KEY = new RecordKey("web", "0");
    private static final TraceContext TRACE = TraceContext.begin();

    /** Which trace was current when a record with this text was handled. */
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @Test
    void shouldBeCurrentForABatchWhenItsRecordsShareIt() {
        // Given
        Topic topic = broker.topic(Cleanup.DELETE);
        CurrentTrace.run(TRACE, () -> publish(topic, "a"));

        // When
        try (BatchConsumer consumer =
                new BatchConsumer(connection, topic, batch -> batch.forEach(record -> seen(record.value())))) {
            consumer.start();
            await().until(() -> handled.size() == 1);
        }

        // Then
        assertThat(handled).containsExactly("a " + TRACE.traceId());
    }

    @Test
    void shouldBeToldByEachRecordWhenABatchMixesThem() {
        // Given
        Topic topic = broker.topic(Cleanup.DELETE);
        CurrentTrace.run(TRACE, () -> publish(topic, "a"));
        publish(topic, "b");
        List<@Nullable TraceContext> told = new CopyOnWriteArrayList<>();

        // When
        try (BatchConsumer consumer = new BatchConsumer(
                connection,
                topic,
                batch -> batch.forEach(record -> {
                    TraceContext trace = record.trace();
                    told.add(trace == null ? TraceContext.begin() : trace);
                }))) {
            consumer.start();
            await().until(() -> told.size() == 2);
        }

        // Then
        assertThat(told.getFirst().traceId()).isEqualTo(TRACE.traceId());
        assertThat(told.getFirst().parentId()).isNotEqualTo(TRACE.parentId());
        assertThat(told.getLast().traceId()).isNotEqualTo(TRACE.traceId());
    }

    @Test
    void shouldBeCurrentInATailWhenTheRecordHasOne() throws Exception {
        // Given
        Topic topic = broker.topic(Cleanup.DELETE);

        // When
        try (TopicTail tail = new TopicTail(connection, topic, record -> seen(record.value()))) {
            tail.watch(KEY.partition()).get(30, TimeUnit.SECONDS);
            CurrentTrace.run(TRACE, () -> publish(topic, "a"));
            publish(topic, "b");
            await().until(() -> handled.size() == 2);
        }

        // Then
        assertThat(handled).containsExactly("a " + TRACE.traceId(), "b -");
    }

    @Test
    void shouldBeCurrentForCompanionsAndChangesWhenTheRecordsHaveOne() {
        // Given
        Topic table = broker.topic(Cleanup.COMPACT);
        Topic companion = broker.topic(Cleanup.DELETE);
        WorkloadTable.Listener<String> listener = new WorkloadTable.Listener<>() {
            @Override
            public void changed(RecordKey key, String value) {
                seen(value.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public void removed(RecordKey key, String last) {
                seen("removed".getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public void lost(int partition) {}

            @Override
            public void companion(TopicRecord record, WorkloadTable.Acknowledgement acknowledgement) {
                seen(record.value());
                acknowledgement.done();
            }
        };

        // When
        try (WorkloadTable<String> shared =
                new WorkloadTable<>(connection, table, String.class, List.of(companion), listener)) {
            shared.start();
            await().until(shared::loaded);
            CurrentTrace.run(TRACE, () -> {
                publisher.publishJson(table, KEY, "changed").join();
                publisher.publishJson(table, KEY, null).join();
                publish(companion, "happened");
            });
            await().until(() -> handled.size() == 3);
        }

        // Then
        assertThat(handled)
                .containsExactlyInAnyOrder(
                        "changed " + TRACE.traceId(), "removed " + TRACE.traceId(), "happened " + TRACE.traceId());
    }

    @Test
    void shouldBeIgnoredWhenTheHeaderIsNone() throws Exception {
        // Given
        Topic topic = broker.topic(Cleanup.DELETE);

        // When
        try (TopicTail tail = new TopicTail(connection, topic, record -> seen(record.value()))) {
            tail.watch(KEY.partition()).get(30, TimeUnit.SECONDS);
            Map<String, byte[]> headers = Map.of(TraceContext.HEADER, new byte[] {(byte) 0xff, 0, 13});
            publisher
                    .publish(topic, KEY, "a".getBytes(StandardCharsets.UTF_8), headers)
                    .join();
            await().until(() -> handled.size() == 1);
        }

        // Then
        assertThat(handled).containsExactly("a -");
    }

    private void seen(byte @Nullable [] value) {
        TraceContext trace = CurrentTrace.get();
        String text = value == null ? "null" : new String(value, StandardCharsets.UTF_8);
        handled.add(text + " " + (trace == null ? "-" : trace.traceId()));
    }

    private void publish(Topic topic, String value) {
        publisher
                .publish(topic, KEY, value.getBytes(StandardCharsets.UTF_8), Map.of())
                .join();
    }
}
