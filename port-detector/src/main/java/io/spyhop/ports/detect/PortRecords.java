package io.spyhop.ports.detect;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.messaging.TopicHistory;
import io.spyhop.messaging.TopicPublisher;
import io.spyhop.messaging.TopicRecord;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ports topic. Thread-safe. */
final class PortRecords implements Detector.Records {
    private static final Logger LOGGER = LoggerFactory.getLogger(PortRecords.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final TopicPublisher publisher;
    private final TopicHistory history;

    PortRecords(TopicPublisher publisher, TopicHistory history) {
        this.publisher = publisher;
        this.history = history;
    }

    @Override
    public CompletableFuture<Void> send(RecordKey key, @Nullable ListeningPorts record) {
        return publisher.publishJson(Topics.PORTS, key, record);
    }

    @Override
    public Map<RecordKey, ListeningPorts> read() throws InterruptedException {
        Map<RecordKey, ListeningPorts> records = new HashMap<>();
        List<Long> position = Collections.nCopies(Topic.PARTITIONS, 0L);
        TopicHistory.Page page;
        do {
            page = history.read(position, DetectLimits.PAGE_RECORDS);
            page.records().forEach(record -> take(record, records));
            position = page.next();
        } while (!page.complete());
        return records;
    }

    private static void take(TopicRecord record, Map<RecordKey, ListeningPorts> records) {
        byte[] value = record.value();
        if (value == null) {
            records.remove(record.key());
            return;
        }
        try {
            records.put(record.key(), JSON.readValue(value, ListeningPorts.class));
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("reason", e.getClass().getSimpleName())
                    .log("A record is not one of listening ports.");
        }
    }
}
