package io.spyhop.jobs.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.log.LinesEvidence;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.jobs.JobsConnections;
import io.spyhop.messaging.BatchConsumer;
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
 * Writes down of which containers of runs all output is stored, as evidence tells. Whichever replica hears it does. While the
 * database is away batches come again. Thread-safe.
 */
@ApplicationScoped
class CapturedConsumer {
    private final CapturedStore store;
    private final ObjectMapper json;
    private final JobsConnections connections;
    private final BatchConsumer consumer;
    private final Clock clock = Clock.systemUTC();

    @Inject
    CapturedConsumer(CapturedStore store, ObjectMapper json, JobsConnections connections) {
        this.store = store;
        this.json = json;
        this.connections = connections;
        this.consumer = new BatchConsumer(connections.kafka(), Topics.EVIDENCE, this::add);
    }

    /** Begins once a broker answers; the start does not wait for it. */
    void start(@Observes StartupEvent event) {
        TopicAdmin.whenEnsured(connections.kafka(), consumer::start, () -> {});
    }

    void stop(@Observes ShutdownEvent event) {
        consumer.close();
    }

    private void add(List<TopicRecord> batch) {
        List<String> captured = new ArrayList<>();
        for (TopicRecord each : batch) {
            byte[] value = each.value();
            // A look at the key is enough to pass over what is of all other containers.
            if (value != null && RunId.isValid(each.key().owner()) && isWhole(each, value)) {
                captured.add(each.key().part());
            }
        }
        if (captured.isEmpty()) {
            return;
        }
        try {
            store.add(captured, clock.instant());
        } catch (SQLException e) {
            throw new IllegalStateException("it could not be stored what is captured", e);
        }
    }

    private boolean isWhole(TopicRecord evidence, byte[] value) {
        try {
            JsonNode tree = json.readTree(value);
            return tree.path("type").asText().equals(LinesEvidence.TYPE)
                    && !tree.path("partial").asBoolean();
        } catch (IOException e) {
            throw new PoisonException(evidence, "not evidence", e);
        }
    }
}
