package io.spyhop.metrics.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.metric.Sample;
import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.messaging.BatchConsumer;
import io.spyhop.messaging.KafkaConfig;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.PoisonException;
import io.spyhop.messaging.TopicAdmin;
import io.spyhop.messaging.TopicRecord;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * Stores what comes on the samples topic, from the application's start to its end. While the database is away batches come
 * again: the broker holds them for a day. Thread-safe.
 */
@ApplicationScoped
public class SampleConsumer {
    private static final String SERVICE = "metrics-service";

    private final SampleStore store;
    private final StoreMetrics metrics;
    private final ObjectMapper json;
    private final Clock clock = Clock.systemUTC();
    private final KafkaConnection connection;
    private final BatchConsumer consumer;

    @Inject
    SampleConsumer(SampleStore store, StoreMetrics metrics, ObjectMapper json, KafkaConfig kafka, SpyhopConfig spyhop) {
        this(store, metrics, json, KafkaConnection.configured(SERVICE, kafka, spyhop));
    }

    SampleConsumer(SampleStore store, StoreMetrics metrics, ObjectMapper json, KafkaConnection connection) {
        this.store = store;
        this.metrics = metrics;
        this.json = json;
        this.connection = connection;
        this.consumer = new BatchConsumer(connection, Topics.SAMPLES, this::store);
    }

    /** Begins once a broker answers; the start does not wait for it. */
    void start(@Observes StartupEvent event) {
        begin();
    }

    void begin() {
        TopicAdmin.whenEnsured(connection, consumer::start, () -> Quarkus.asyncExit(1));
    }

    void stop(@Observes ShutdownEvent event) {
        consumer.close();
    }

    private void store(List<TopicRecord> batch) {
        List<StoredSample> samples = new ArrayList<>(batch.size());
        for (TopicRecord each : batch) {
            samples.add(read(each));
        }
        try {
            metrics.stored(store.store(samples));
        } catch (SQLException e) {
            throw new IllegalStateException("samples could not be stored", e);
        }
    }

    private StoredSample read(TopicRecord sample) {
        byte[] value = sample.value();
        try {
            Sample read = value == null ? null : json.readValue(value, Sample.class);
            if (read == null) {
                throw new IllegalArgumentException("the record has no value");
            }
            return StoredSample.of(read, clock.instant());
        } catch (IOException | IllegalArgumentException e) {
            throw new PoisonException(sample, "not a sample", e);
        }
    }
}
