package io.spyhop.lifecycle.watch;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicRecord;
import io.spyhop.messaging.TopicTail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads what the service publishes, from now on, with the time of each arrival. Thread-safe. */
final class TopicProbe implements AutoCloseable {
    private static final JsonMapper JSON =
            JsonMapper.builder().addModule(new JavaTimeModule()).build();

    private final List<Seen> states = new ArrayList<>();
    private final List<InstanceTransition> transitions = new ArrayList<>();
    private final List<TopicTail> tails = new ArrayList<>();

    /** A record of a container; a null state is a tombstone. */
    record Seen(Instant at, String containerId, @Nullable InstanceState state) {}

    TopicProbe(String bootstrapServers) {
        KafkaConnection connection = new KafkaConnection(bootstrapServers, "probe", "0");
        tails.add(new TopicTail(connection, Topics.INSTANCES, this::state));
        tails.add(new TopicTail(connection, Topics.TRANSITIONS, this::transition));
        List<CompletableFuture<Void>> watched = new ArrayList<>();
        for (TopicTail tail : tails) {
            for (int partition = 0; partition < Topic.PARTITIONS; partition++) {
                watched.add(tail.watch(partition));
            }
        }
        CompletableFuture.allOf(watched.toArray(CompletableFuture[]::new))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    /** The statuses of a container without repeats, {@code gone} for its tombstone. */
    synchronized List<String> statuses(String containerId) {
        List<String> statuses = new ArrayList<>();
        for (Seen seen : states) {
            if (seen.containerId().equals(containerId)) {
                String status =
                        seen.state() == null ? "gone" : seen.state().status().wire();
                if (statuses.isEmpty() || !statuses.getLast().equals(status)) {
                    statuses.add(status);
                }
            }
        }
        return statuses;
    }

    synchronized List<InstanceTransition> transitions(String containerId) {
        return transitions.stream()
                .filter(transition -> transition.containerId().equals(containerId))
                .toList();
    }

    List<InstanceTransition.Type> types(String containerId) {
        return transitions(containerId).stream().map(InstanceTransition::type).toList();
    }

    /** The newest state of a container. */
    synchronized Optional<InstanceState> state(String containerId) {
        return states.reversed().stream()
                .filter(seen -> seen.containerId().equals(containerId))
                .findFirst()
                .map(Seen::state);
    }

    /** When a container was first seen with a status. */
    synchronized Optional<Instant> arrival(String containerId, InstanceStatus status) {
        return states.stream()
                .filter(seen -> seen.containerId().equals(containerId)
                        && seen.state() != null
                        && seen.state().status() == status)
                .findFirst()
                .map(Seen::at);
    }

    @Override
    public void close() {
        tails.forEach(TopicTail::close);
    }

    private synchronized void state(TopicRecord record) {
        states.add(new Seen(Instant.now(), record.key().part(), read(record, InstanceState.class)));
    }

    private synchronized void transition(TopicRecord record) {
        InstanceTransition transition = read(record, InstanceTransition.class);
        if (transition != null) {
            transitions.add(transition);
        }
    }

    private static <T> @Nullable T read(TopicRecord record, Class<T> type) {
        try {
            return record.value() == null ? null : JSON.readValue(record.value(), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
