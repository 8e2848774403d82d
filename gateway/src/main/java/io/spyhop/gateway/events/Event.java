package io.spyhop.gateway.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.port.ListeningPort;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.messaging.TopicRecord;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A record of a topic: where it stands, and what it says. Immutable.
 *
 * @param partition counted through the topics, as in a position ({@link EventSource})
 * @param subject null where there is nothing to tell, or the record cannot be read: it has a place nevertheless
 * @param data what happened, as clients see it
 */
record Event(int partition, long offset, @Nullable Subject subject, String data) {
    /** What events of ports are called. */
    static final String PORTS = "ports";

    /** What events of runs are called. */
    static final String RUN = "run";

    /** What is told, and of what: by that clients choose. */
    record Subject(String type, WorkloadId workload, String org) {}

    private static final Logger LOGGER = LoggerFactory.getLogger(Event.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

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
     * The ports of an instance changed, as clients see it: all that it has now, by number, and which of them are new or gone.
     *
     * @param omitted how many more there are
     */
    private record PortsTold(
            String type,
            String at,
            String workload,
            String org,
            String host,
            int instance,
            String containerId,
            List<Integer> ports,
            int omitted,
            List<Integer> opened,
            List<Integer> closed) {
        static PortsTold of(ListeningPorts ports) {
            return new PortsTold(
                    PORTS,
                    ports.at().toString(),
                    ports.workload().value(),
                    ports.org(),
                    ports.host(),
                    ports.index(),
                    ports.containerId(),
                    ports.ports().stream().map(ListeningPort::port).toList(),
                    ports.omitted(),
                    ports.opened(),
                    ports.closed());
        }
    }

    /** A run changed, as clients see it: all of it that a list shows. */
    private record RunTold(String type, Instant at, WorkloadId workload, String org, Run run) {
        static RunTold of(Run run) {
            Instant started = run.startedAt() == null ? run.queuedAt() : run.startedAt();
            Instant at = run.completedAt() == null ? started : run.completedAt();
            return new RunTold(RUN, at, run.workload(), run.org(), run);
        }
    }

    private interface Reading {
        Event read(byte[] value, int partition) throws IOException;
    }

    /**
     * Reads a record of transitions.
     *
     * @param live whether it is read for the first time here: then it is logged where it cannot be read
     */
    static Event of(TopicRecord record, boolean live) {
        return read(record, record.partition(), live, (value, partition) -> {
            InstanceTransition transition = JSON.readValue(value, InstanceTransition.class);
            // What only a later version knows has a place, and is not told.
            if (transition == null || transition.type() == InstanceTransition.Type.UNKNOWN) {
                return new Event(partition, record.offset(), null, "");
            }
            Subject subject = new Subject(transition.type().wire(), transition.workload(), transition.org());
            return new Event(partition, record.offset(), subject, JSON.writeValueAsString(Told.of(transition)));
        });
    }

    /** Reads a record of ports; as {@link #of}. */
    static Event ofPorts(TopicRecord record, boolean live) {
        return read(record, Topic.PARTITIONS + record.partition(), live, (value, partition) -> {
            ListeningPorts ports = JSON.readValue(value, ListeningPorts.class);
            // Whatever else is told anew is nobody's event.
            if (ports == null || (ports.opened().isEmpty() && ports.closed().isEmpty())) {
                return new Event(partition, record.offset(), null, "");
            }
            Subject subject = new Subject(PORTS, ports.workload(), ports.org());
            return new Event(partition, record.offset(), subject, JSON.writeValueAsString(PortsTold.of(ports)));
        });
    }

    /** Reads a record of a run; as {@link #of}. */
    static Event ofRun(TopicRecord record, boolean live) {
        return read(record, 2 * Topic.PARTITIONS + record.partition(), live, (value, partition) -> {
            Run run = JSON.readValue(value, Run.class);
            if (run == null) {
                return new Event(partition, record.offset(), null, "");
            }
            Subject subject = new Subject(RUN, run.workload(), run.org());
            return new Event(partition, record.offset(), subject, JSON.writeValueAsString(RunTold.of(run)));
        });
    }

    private static Event read(TopicRecord record, int partition, boolean live, Reading reading) {
        try {
            byte[] value = record.value();
            if (value != null) {
                return reading.read(value, partition);
            }
        } catch (IOException | IllegalArgumentException e) {
            LOGGER.atLevel(live ? Level.WARN : Level.DEBUG)
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("reason", e.getClass().getSimpleName())
                    .log("A record cannot be told as an event.");
        }
        return new Event(partition, record.offset(), null, "");
    }
}
