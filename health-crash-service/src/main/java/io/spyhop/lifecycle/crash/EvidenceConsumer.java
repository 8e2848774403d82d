package io.spyhop.lifecycle.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.log.LinesEvidence;
import io.spyhop.contracts.metric.UsageEvidence;
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
import java.util.List;

/**
 * Adds evidence to reports of crashes, from the application's start to its end. A type that nobody here knows is passed over: it is of
 * a later version. While the database is away batches come again. Thread-safe.
 */
@ApplicationScoped
class EvidenceConsumer {
    private static final String SERVICE = "health-crash-service";

    private final CrashStore store;
    private final ObjectMapper json;
    private final KafkaConnection connection;
    private final BatchConsumer consumer;

    @Inject
    EvidenceConsumer(CrashStore store, ObjectMapper json, KafkaConfig kafka, SpyhopConfig spyhop) {
        this.store = store;
        this.json = json;
        this.connection = KafkaConnection.configured(SERVICE, kafka, spyhop);
        this.consumer = new BatchConsumer(connection, Topics.EVIDENCE, this::add);
    }

    /** Begins once a broker answers; the start does not wait for it. */
    void start(@Observes StartupEvent event) {
        TopicAdmin.whenEnsured(connection, consumer::start, () -> Quarkus.asyncExit(1));
    }

    void stop(@Observes ShutdownEvent event) {
        consumer.close();
    }

    private void add(List<TopicRecord> batch) {
        for (TopicRecord each : batch) {
            try {
                add(each);
            } catch (SQLException e) {
                throw new IllegalStateException("evidence could not be stored", e);
            }
        }
    }

    private void add(TopicRecord evidence) throws SQLException {
        byte[] value = evidence.value();
        if (value == null) {
            return;
        }
        Object read;
        try {
            JsonNode tree = json.readTree(value);
            read = switch (tree.path("type").asText()) {
                case LinesEvidence.TYPE -> json.treeToValue(tree, LinesEvidence.class);
                case UsageEvidence.TYPE -> json.treeToValue(tree, UsageEvidence.class);
                default -> tree;
            };
            if (read instanceof LinesEvidence lines) {
                // Looked at before anything is stored: what cannot be read then never can.
                var _ = LastError.in(lines.ndjson());
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new PoisonException(evidence, "not evidence", e);
        }
        if (read instanceof LinesEvidence lines) {
            store.add(lines);
        } else if (read instanceof UsageEvidence usages) {
            store.add(usages);
        }
    }
}
