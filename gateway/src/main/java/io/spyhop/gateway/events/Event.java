package io.spyhop.gateway.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.messaging.TopicRecord;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A record of the topic: where it stands, and what it says. Immutable.
 *
 * @param transition null where the record cannot be read: it has a place nevertheless
 * @param data the transition as clients see it
 */
record Event(int partition, long offset, @Nullable InstanceTransition transition, String data) {
    private static final Logger LOGGER = LoggerFactory.getLogger(Event.class);
    private static final JsonMapper JSON =
            JsonMapper.builder().addModule(new JavaTimeModule()).build();

    /**
     * What happened, as clients see it.
     *
     * @param instance the index among the workload's instances
     * @param oomKilled for endings
     * @param restart which restart of the container follows, where the engine waits before it
     * @param delayMs how long it waits
     * @param failures probes that failed in a row, where an instance became unhealthy
     * @param reason of the last of them
     * @param text of a note
     * @param fields of a note
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Told(
            String type,
            String at,
            String workload,
            String org,
            String host,
            int instance,
            String containerId,
            @Nullable String startedAt,
            @Nullable Integer exitCode,
            boolean oomKilled,
            @Nullable Integer restart,
            @Nullable Long delayMs,
            @Nullable Integer failures,
            @Nullable String reason,
            @Nullable String text,
            @Nullable Map<String, String> fields) {
        static Told of(InstanceTransition transition) {
            return new Told(
                    transition.type().wire(),
                    transition.at().toString(),
                    transition.workload().value(),
                    transition.org(),
                    transition.host(),
                    transition.index(),
                    transition.containerId(),
                    transition.lifeStartedAt() == null
                            ? null
                            : transition.lifeStartedAt().toString(),
                    transition.exitCode(),
                    transition.oomKilled(),
                    transition.restart(),
                    transition.delayMillis(),
                    transition.failures(),
                    transition.reason(),
                    transition.text(),
                    transition.fields());
        }
    }

    /**
     * Reads a record.
     *
     * @param live whether it is read for the first time here: then it is logged where it cannot be read
     */
    static Event of(TopicRecord record, boolean live) {
        try {
            byte[] value = record.value();
            InstanceTransition transition = value == null ? null : JSON.readValue(value, InstanceTransition.class);
            // What only a later version knows has a place, and is not told.
            if (transition != null && transition.type() == InstanceTransition.Type.UNKNOWN) {
                return new Event(record.partition(), record.offset(), null, "");
            }
            if (transition != null) {
                return new Event(record.partition(), record.offset(), transition, json(transition));
            }
        } catch (IOException | IllegalArgumentException e) {
            LOGGER.atLevel(live ? Level.WARN : Level.DEBUG)
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("reason", e.getClass().getSimpleName())
                    .log("A record is not a transition.");
        }
        return new Event(record.partition(), record.offset(), null, "");
    }

    private static String json(InstanceTransition transition) throws JsonProcessingException {
        return JSON.writeValueAsString(Told.of(transition));
    }
}
