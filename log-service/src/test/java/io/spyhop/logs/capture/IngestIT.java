package io.spyhop.logs.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.log.IngestLine;
import io.spyhop.contracts.log.IngestRecord;
import io.spyhop.contracts.log.Stream;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.engine.LogSink;
import io.spyhop.logs.Backends;
import io.spyhop.logs.LogConnections;
import io.spyhop.logs.LogLimits;
import io.spyhop.messaging.TopicPublisher;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lines that did not come from an engine, on a real database and broker. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class IngestIT extends CaptureCase {
    private static final long AT = 1_795_316_645_000_000_000L;

    @Inject
    LogConnections connections;

    @Test
    void shouldStoreWhatIsPublishedOnceWhenItIsPublishedTwice() {
        // Given
        TopicPublisher publisher = connections.publisher();
        RecordKey key = RecordKey.of(workload);
        IngestRecord first = lines("a", 1, "1", "2");
        IngestRecord second = lines("a", 3, "3");
        // When
        for (String poison : List.of("no JSON", "null", "{}", "[]", "\0")) {
            publisher
                    .publish(Topics.INGEST, key, poison.getBytes(UTF_8), Map.of())
                    .join();
        }
        for (IngestRecord each : List.of(first, first, second, first, second, lines("a", 3, "3", "4"))) {
            publisher.publishJson(Topics.INGEST, each.key(), each).join();
        }
        // Then
        awaitMessages("1", "2", "3", "4");
        assertThat(logs.retention(workload).output()).isEqualTo("forever");
    }

    @Test
    void shouldRenderAsLinesOfAnEngine() {
        // Given
        Owner owner = owner();
        // When
        owner.isSent(new IngestRecord(
                workload,
                Kind.JOB_RUN,
                "a",
                1,
                List.of(
                        line(Stream.STDOUT, "out", null),
                        line(Stream.STDERR, "err", null),
                        line(Stream.STDOUT, "{\"level\":\"warn\",\"msg\":\"well\",\"user\":7}", null),
                        line(Stream.SYSTEM, "[GAP] a..b Spyhop was away", Map.of("reason", "away")))));
        // Then
        awaitMessages("out", "err", "well", "[GAP] a..b Spyhop was away");
        List<JsonNode> lines = lines();
        assertThat(lines)
                .extracting(line -> line.get("level").textValue())
                .containsExactly("info", "stderr", "warn", "system");
        assertThat(lines.get(0).get("at").textValue()).isEqualTo("2026-11-22T03:04:05.000000000Z");
        assertThat(lines.get(2).path("fields").toString()).isEqualTo("{\"user\":7}");
        assertThat(lines.get(3).path("fields").toString()).isEqualTo("{\"reason\":\"away\"}");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(owner.acknowledged).hasValue(1));
    }

    @Test
    void shouldRepeatNothingAndMissNothingWhenAnotherOwnerGetsEverythingAgain() throws Exception {
        // Given
        Owner first = owner();
        first.isSent(lines("a", 1, "1", "2"));
        first.isSent(lines("b", 1, "of b"));
        awaitMessages("1", "2", "of b");
        first.stop();
        // When
        Owner second = owner();
        second.isSent(lines("a", 1, "1", "2"));
        second.isSent(lines("b", 1, "of b"));
        second.isSent(lines("a", 3, "3"));
        second.isSent(lines("b", 1, "of b", "more of b"));
        // Then
        awaitMessages("1", "2", "of b", "3", "more of b");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(second.acknowledged).hasValue(4));
    }

    @Test
    void shouldKeepNumbersAndOrderWholeWhileTwoOwnersFight() {
        // Given
        int records = 200;
        Owner former = owner();
        Owner latter = owner();
        // When
        for (int i = 0; i < records; i++) {
            IngestRecord record = lines("a", 10L * i + 1, texts(10L * i + 1, 10));
            former.isSent(record);
            latter.isSent(record);
        }
        // Then
        awaitMessages(texts(1, 10 * records));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(List.of(former.acknowledged.get(), latter.acknowledged.get()))
                        .containsOnly(records));
    }

    @Test
    void shouldPauseWhileTheDiskIsNearlyFullAndAcknowledgeNothing() {
        // Given
        Owner owner = owner();
        owner.isSent(lines("a", 1, "before"));
        awaitMessages("before");
        // When
        freeBytes.set(LogLimits.DISK_FREE_MIN - 1);
        await().atMost(PATIENCE).until(disk::low);
        owner.isSent(lines("a", 2, "while full"));
        await().atMost(PATIENCE).until(() -> !owner.capture.ready());
        assertThat(owner.acknowledged).hasValue(1);
        freeBytes.set(LogLimits.DISK_FREE_MIN + LogLimits.DISK_FREE_MARGIN);
        // Then
        awaitMessages("before", "while full");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(owner.acknowledged).hasValue(2));
    }

    @Test
    void shouldJoinPiecesUpToTheLengthThatIsKeptWhole() {
        // Given
        Owner owner = owner();
        String piece = "x".repeat(LogSink.LINE_BYTES_MAX / 16);
        // When
        sendPieces(owner, 1, piece, 16);
        sendPieces(owner, 17, piece, 40);
        // Then
        awaitCount(4);
        List<JsonNode> lines = lines();
        assertThat(lines)
                .extracting(line -> line.get("message").textValue().length())
                .containsExactly(
                        LogSink.LINE_BYTES_MAX,
                        LogSink.LINE_BYTES_MAX,
                        LogSink.LINE_BYTES_MAX,
                        LogSink.LINE_BYTES_MAX / 2);
        assertThat(lines)
                .extracting(line -> line.path("partial").asBoolean())
                .containsExactly(false, true, true, false);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(owner.acknowledged).hasValue(56));
    }

    @Test
    void shouldBeginALineAnewWhenItsFirstPiecesComeAgain() throws Exception {
        // Given
        Owner first = owner();
        first.isSent(pieces(1, "a", "b"));
        first.isSent(lines("other", 1, "other"));
        awaitMessages("other");
        first.stop();
        // When
        Owner second = owner();
        second.isSent(pieces(1, "a", "b"));
        second.isSent(lines("a", 3, "c", "d"));
        // Then
        awaitMessages("other", "abc", "d");
        assertThat(first.acknowledged).hasValue(1);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(second.acknowledged).hasValue(2));
    }

    @Test
    void shouldTellWhatIsMissingOnce() throws Exception {
        // Given
        Owner first = owner();
        first.isSent(lines("a", 1, "1"));
        first.isSent(lines("a", 5, "5"));
        awaitCount(3);
        first.stop();
        // When
        Owner second = owner();
        second.isSent(lines("a", 5, "5"));
        second.isSent(lines("a", 6, "6"));
        // Then
        String gap = "[GAP] 2026-11-22T03:04:05.000000000Z..2026-11-22T03:04:05.000000000Z lines were not taken before"
                + " their topic let go of them";
        awaitMessages("1", gap, "5", "6");
        assertThat(lines().get(1).path("fields").path("entries").asInt()).isEqualTo(3);
    }

    private void sendPieces(Owner owner, long firstOrdinal, String piece, int count) {
        for (int i = 0; i < count; i++) {
            boolean last = i == count - 1;
            owner.isSent(last ? lines("a", firstOrdinal + i, piece) : pieces(firstOrdinal + i, piece));
        }
    }

    private IngestRecord lines(String source, long firstOrdinal, String... texts) {
        List<IngestLine> lines = new ArrayList<>();
        for (String text : texts) {
            lines.add(line(Stream.STDOUT, text, null));
        }
        return new IngestRecord(workload, Kind.JOB_RUN, source, firstOrdinal, lines);
    }

    private IngestRecord pieces(long firstOrdinal, String... texts) {
        return new IngestRecord(
                workload,
                Kind.JOB_RUN,
                "a",
                firstOrdinal,
                List.of(texts).stream()
                        .map(text -> new IngestLine(Stream.STDOUT, AT, text, true, null))
                        .toList());
    }

    private static IngestLine line(Stream stream, String text, @Nullable Map<String, String> fields) {
        return new IngestLine(stream, AT, text, null, fields);
    }

    private static String[] texts(long first, int count) {
        return LongStream.range(first, first + count).mapToObj(i -> "line " + i).toArray(String[]::new);
    }
}
