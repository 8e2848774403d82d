package io.spyhop.logs.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.engine.FakeBlueprint;
import io.spyhop.logs.Backends;
import io.spyhop.logs.LogConnections;
import io.spyhop.messaging.TopicPublisher;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Records that cannot be read are set aside, and what follows them in their partition is captured. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class CapturePoisonIT extends CaptureCase {
    @Inject
    LogConnections connections;

    @Test
    void shouldGoOnAfterRecordsThatCannotBeRead() {
        // Given: the engine knows nothing of this container, so only its start is to be told
        String container = engine.run(FakeBlueprint.named("a"));
        InstanceState state = state(container, 0);
        RecordKey key = RecordKey.of(workload, container);
        TopicPublisher publisher = connections.publisher();
        // When
        for (String poison : List.of("no JSON", "null", "{}", "[]", "\0")) {
            publisher
                    .publish(Topics.INSTANCES, key, poison.getBytes(UTF_8), Map.of())
                    .join();
            publisher
                    .publish(Topics.TRANSITIONS, key, poison.getBytes(UTF_8), Map.of())
                    .join();
        }
        publisher.publishJson(Topics.INSTANCES, key, state).join();
        publisher
                .publishJson(
                        Topics.TRANSITIONS,
                        key,
                        transition(
                                container,
                                InstanceTransition.Type.STARTED,
                                Objects.requireNonNull(state.startedAt()),
                                null))
                .join();
        // Then
        awaitMessages("worker started");
    }
}
