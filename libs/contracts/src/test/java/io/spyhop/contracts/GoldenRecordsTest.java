package io.spyhop.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.spyhop.contracts.topic.HostRecord;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.contracts.workload.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Records that were shipped stay readable. A file here is never edited; a new version of a record adds a file. Each
 * holds a field that no version knows, as a record of a later version would.
 */
class GoldenRecordsTest {
    /** As the topics are written and read. */
    private final ObjectMapper mapper = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    @ParameterizedTest
    @CsvSource({
        "instance-state-v1, io.spyhop.contracts.workload.InstanceState",
        "instance-state-v1-least, io.spyhop.contracts.workload.InstanceState",
        "instance-transition-v1, io.spyhop.contracts.workload.InstanceTransition",
        "instance-transition-v1-least, io.spyhop.contracts.workload.InstanceTransition",
        "instance-transition-v2-note, io.spyhop.contracts.workload.InstanceTransition",
        "instance-transition-v2-restarting, io.spyhop.contracts.workload.InstanceTransition",
        "lines-evidence-v1, io.spyhop.contracts.log.LinesEvidence",
        "lines-evidence-v2, io.spyhop.contracts.log.LinesEvidence",
        "instance-transition-v2, io.spyhop.contracts.workload.InstanceTransition",
        "ingest-record-v1, io.spyhop.contracts.log.IngestRecord",
        "host-record-v1, io.spyhop.contracts.topic.HostRecord",
        "listening-ports-v1, io.spyhop.contracts.port.ListeningPorts",
    })
    void shouldWriteAgainWhatItReadButForFieldsOfLaterVersions(String file, Class<?> type) throws IOException {
        // Given
        JsonNode golden = mapper.readTree(bytes(file));

        // When
        Object read = mapper.readValue(bytes(file), type);
        JsonNode written = mapper.readTree(mapper.writeValueAsBytes(read));

        // Then
        assertThat(golden.has("laterVersion")).isTrue();
        assertThat(written).isEqualTo(withoutLaterFields(golden));
    }

    @Test
    void shouldReadEveryFieldOfAnInstance() throws IOException {
        // When
        InstanceState state = mapper.readValue(bytes("instance-state-v1"), InstanceState.class);

        // Then
        assertThat(state.workload().id()).isEqualTo(new WorkloadId("shop-web-7f3k"));
        assertThat(state.workload().kind()).isEqualTo(Kind.SERVICE);
        assertThat(state.status()).isEqualTo(InstanceStatus.UNHEALTHY);
        assertThat(state.pid()).isEqualTo(4_194_304L);
        assertThat(state.memoryLimitBytes()).isEqualTo(268_435_456L);
        assertThat(state.exitCode()).isEqualTo(137);
        assertThat(state.labels()).isEqualTo(Map.of("spyhop.org", "acme"));
        assertThat(state.createdAt()).isEqualTo(Instant.parse("2026-11-22T03:04:05.123456789Z"));
        assertThat(state.key().text())
                .isEqualTo("shop-web-7f3k|4f1d2c3b4a5968778695a4b3c2d1e0f00112233445566778899aabbccddeeff0");
    }

    @Test
    void shouldReadAnInstanceWithoutOptionalFields() throws IOException {
        // When
        InstanceState state = mapper.readValue(bytes("instance-state-v1-least"), InstanceState.class);

        // Then
        assertThat(state.workload().kind()).isEqualTo(Kind.JOB_RUN);
        assertThat(state.workload().project()).isNull();
        assertThat(state.pid()).isNull();
        assertThat(state.startedAt()).isNull();
    }

    @Test
    void shouldReadEveryFieldOfATransition() throws IOException {
        // When
        InstanceTransition transition = mapper.readValue(bytes("instance-transition-v1"), InstanceTransition.class);

        // Then
        assertThat(transition.type()).isEqualTo(InstanceTransition.Type.CRASHED);
        assertThat(transition.at()).isEqualTo(Instant.parse("2026-11-22T03:04:59.500000001Z"));
        assertThat(transition.lifeStartedAt()).isEqualTo(Instant.parse("2026-11-22T03:04:05.123456789Z"));
        assertThat(transition.exitCode()).isEqualTo(137);
        assertThat(transition.oomKilled()).isTrue();
    }

    @Test
    void shouldReadEveryFieldOfARestart() throws IOException {
        // When
        InstanceTransition transition =
                mapper.readValue(bytes("instance-transition-v2-restarting"), InstanceTransition.class);

        // Then
        assertThat(transition.type()).isEqualTo(InstanceTransition.Type.RESTARTING);
        assertThat(transition.restart()).isEqualTo(3);
        assertThat(transition.delayMillis()).isEqualTo(400);
    }

    @Test
    void shouldReadATransitionWhoseTypeOnlyALaterVersionKnows() throws IOException {
        // Given
        ObjectNode later = (ObjectNode) mapper.readTree(bytes("instance-transition-v1"));
        later.put("type", "enlightened");

        // When
        InstanceTransition transition = mapper.treeToValue(later, InstanceTransition.class);

        // Then
        assertThat(transition.type()).isEqualTo(InstanceTransition.Type.UNKNOWN);
    }

    @Test
    void shouldReadAHost() throws IOException {
        // Then
        assertThat(mapper.readValue(bytes("host-record-v1"), HostRecord.class)).isEqualTo(new HostRecord("local"));
    }

    private static JsonNode withoutLaterFields(JsonNode golden) {
        ObjectNode known = golden.deepCopy();
        known.remove("laterVersion");
        if (known.get("workload") instanceof ObjectNode workload) {
            workload.remove(List.of("ownerSince"));
        }
        return known;
    }

    private static byte[] bytes(String file) throws IOException {
        try (InputStream in = GoldenRecordsTest.class.getResourceAsStream("/golden/" + file + ".json")) {
            return Objects.requireNonNull(in, file).readAllBytes();
        }
    }
}
