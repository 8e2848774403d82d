package io.spyhop.logs.retention;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LinesDeletion;
import io.spyhop.contracts.log.LogRetention;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.log.RetentionChange;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.SomeInstance;
import io.spyhop.logs.Backends;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.LogWriter;
import io.spyhop.logs.compaction.MergeAll;
import io.spyhop.logs.number.EpochNanos;
import io.spyhop.logs.store.ChunkStore;
import io.spyhop.logs.store.StoreLoop;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What goes and what stays, on a real database. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class RetentionIT {
    private final Instant now = Instant.now();
    private static final Duration OLD = Duration.ofDays(10);
    private static final Duration VERY_OLD = Duration.ofDays(40);

    @Inject
    @DataSource("logs")
    AgroalDataSource dataSource;

    @Inject
    ChunkStore store;

    @Inject
    StoreLoop loop;

    @Inject
    MergeAll mergeAll;

    @Inject
    Ageing ageing;

    @Inject
    Budgets budgets;

    @Inject
    LabelWatch labels;

    @Inject
    RetentionStore rules;

    @Inject
    ExpiryStore expiry;

    @Inject
    Remover remover;

    @Inject
    LogsApi logs;

    private final WorkloadId workload =
            new WorkloadId("w-" + UUID.randomUUID().toString().substring(0, 8));
    private final Random random = new Random(1);

    @Test
    void shouldRemoveEachLineAtItsAgeWhenChunksWereMerged() throws Exception {
        // Given: 1 and 2 past both ages, 3 and 4 past that of output, 5 and 6 new.
        writeSix();
        mergeAll.merge(workload);

        // When
        age();

        // Then
        assertThat(numbers()).containsExactly(4L, 5L, 6L);
        assertThat(logs.retention(workload).oldestAt()).isEqualTo(now.minus(OLD));
        assertThat(logs.lastNumbers(List.of(workload))).containsEntry(workload, 6L);
    }

    @Test
    void shouldRemoveEachLineAtItsAgeWhenChunksAreAsStored() throws Exception {
        // Given
        writeSix();

        // When
        age();

        // Then
        assertThat(numbers()).containsExactly(4L, 5L, 6L);
    }

    private void writeSix() throws Exception {
        LogWriter writer = new LogWriter(store, loop, workload);
        for (Duration age : List.of(VERY_OLD, OLD, Duration.ZERO)) {
            writer.output(now.minus(age), "output").flush();
            writer.system(now.minus(age), "worker stopped").flush();
        }
    }

    @Test
    void shouldGoOnNumberingWhenEverythingIsGone() throws Exception {
        // Given
        writeSix();

        // When
        LinesDeletion deleted = logs.delete(workload, Long.MAX_VALUE, Long.MAX_VALUE);

        // Then
        assertThat(deleted).isEqualTo(new LinesDeletion(6, false));
        assertThat(numbers()).isEmpty();
        // A reader is not to look for them again.
        assertThat(logs.after(workload, 2, 10).through()).isEqualTo(6);
        new LogWriter(store, loop, workload).output(now, "next").flush();
        assertThat(numbers()).containsExactly(7L);
        assertThat(logs.retention(workload).lines()).isEqualTo(1);
    }

    @Test
    void shouldDeleteExactlyWhenTheBoundaryIsInAChunk() throws Exception {
        // Given
        LogWriter writer = new LogWriter(store, loop, workload);
        for (int i = 1; i <= 100; i++) {
            writer.output(now.plusMillis(i), "line " + i);
            if (i % 10 == 0) {
                writer.flush();
            }
        }
        mergeAll.merge(workload);

        // When
        LinesDeletion byNumber = logs.delete(workload, 34, Long.MAX_VALUE);
        LinesDeletion byTime = logs.delete(workload, Long.MAX_VALUE, EpochNanos.of(now.plusMillis(51)));
        LinesDeletion byBoth = logs.delete(workload, 61, EpochNanos.of(now.plusMillis(90)));
        LinesDeletion none = logs.delete(workload, 34, Long.MAX_VALUE);

        // Then
        assertThat(List.of(byNumber, byTime, byBoth, none))
                .extracting(LinesDeletion::lines)
                .containsExactly(33L, 17L, 10L, 0L);
        assertThat(numbers()).containsExactlyElementsOf(range(61, 100));
    }

    @Test
    void shouldEndEachCallSoonAndSayThatThereIsMoreWhenVeryMuchIsDeleted() throws Exception {
        // Given: more chunks than go in one transaction, and one in which the boundary is.
        int whole = LogLimits.REMOVED_CHUNKS + 30;
        new LogWriter(store, loop, workload).output(now, "line").flush();
        multiply(whole);
        LogWriter writer = new LogWriter(store, loop, workload);
        writer.output(now, "goes").output(now, "stays").flush();
        Cut cut = new Cut(whole + 2, Long.MAX_VALUE, Long.MAX_VALUE);

        // When
        Remover.Part first = remover.removeSome(workload, cut, () -> true);
        Remover.Part second = remover.removeSome(workload, cut, () -> true);

        // Then
        assertThat(first.more()).isTrue();
        assertThat(first.removed().lines()).isEqualTo(LogLimits.REMOVED_CHUNKS);
        assertThat(second.more()).isFalse();
        assertThat(second.removed().lines()).isEqualTo(31);
        assertThat(numbers()).containsExactly(whole + 2L);
    }

    /** Makes chunks with all numbers up to that of the one that there is. */
    private void multiply(int last) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement chunks = connection.prepareStatement("""
                    INSERT INTO logs.chunk (workload_id, first_line, last_line, first_at, last_at, retention_class,
                        line_count, raw_bytes, codec, payload)
                    SELECT workload_id, n, n, first_at, last_at, retention_class, line_count, raw_bytes, codec, payload
                    FROM logs.chunk, generate_series(2, ?) AS n WHERE workload_id = ?\
                    """);
                PreparedStatement position =
                        connection.prepareStatement("UPDATE logs.position SET last_line = ? WHERE workload_id = ?")) {
            chunks.setInt(1, last);
            chunks.setString(2, workload.value());
            chunks.executeUpdate();
            position.setLong(1, last);
            position.setString(2, workload.value());
            position.executeUpdate();
        }
    }

    @Test
    void shouldTellDefaultsWhenNothingIsKnown() {
        // When
        LogRetention retention = logs.retention(workload);

        // Then
        assertThat(retention)
                .isEqualTo(new LogRetention("7d", "default", "30d", "default", 1L << 30, "default", 0, 0, 0, null));
    }

    @Test
    void shouldPreferTheApiOverLabelsAndThoseOverSettings() throws Exception {
        // Given
        labels.seen(instance(Kind.SERVICE, now, Map.of(LabelWatch.RETENTION, "36h", LabelWatch.MAX_BYTES, "512m")));
        labels.store();

        // When
        LogRetention labelled = logs.retention(workload);
        LogRetention set = logs.setRetention(workload, new RetentionChange("forever", "2w", 4096L));
        LogRetention partly = logs.setRetention(workload, new RetentionChange(null, "90m", null));

        // Then
        assertThat(rule(labelled)).containsExactly("36h", "label", "30d", "default", 512L << 20, "label");
        assertThat(rule(set)).containsExactly("forever", "api", "14d", "api", 4096L, "api");
        assertThat(rule(partly)).containsExactly("36h", "label", "90m", "api", 512L << 20, "label");
    }

    @Test
    void shouldFollowTheNewestContainerWhenLabelsDiffer() {
        // Given
        labels.seen(instance(Kind.SERVICE, now, Map.of(LabelWatch.RETENTION, "2d")));
        labels.store();

        // When an older one is told of after a restart
        LabelWatch restarted = new LabelWatch(rules);
        restarted.seen(instance(Kind.SERVICE, now.minusSeconds(9), Map.of(LabelWatch.RETENTION, "1d")));
        restarted.store();
        LogRetention older = logs.retention(workload);
        labels.seen(instance(Kind.SERVICE, now.plusSeconds(9), Map.of(LabelWatch.MAX_BYTES, "a lot")));
        labels.store();
        LogRetention newer = logs.retention(workload);

        // Then
        assertThat(rule(older)).startsWith("2d", "label");
        assertThat(rule(newer)).containsExactly("7d", "default", "30d", "default", 1L << 30, "default");
    }

    @Test
    void shouldKeepForEverWhenItIsAJobRun() throws Exception {
        // Given
        labels.seen(instance(Kind.JOB_RUN, now, Map.of()));
        labels.store();
        writeSix();

        // When
        age();

        // Then
        assertThat(numbers()).containsExactlyElementsOf(range(1, 6));
        assertThat(rule(logs.retention(workload))).startsWith("forever", "default", "forever", "default");
    }

    @Test
    void shouldRefuseWhatIsNoAgeAndNoSize() {
        for (RetentionChange wrong : List.of(
                new RetentionChange("0d", null, null),
                new RetentionChange("7 days", null, null),
                new RetentionChange("999999999999w", null, null),
                new RetentionChange(null, "-1d", null),
                new RetentionChange(null, null, 0L))) {
            assertThatThrownBy(() -> logs.setRetention(workload, wrong))
                    .isInstanceOfSatisfying(
                            SpyhopException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PARAMETER_INVALID));
        }
        assertThat(logs.retention(workload).outputFrom()).isEqualTo("default");
    }

    @Test
    void shouldRemoveTheOldestOutputWhenAWorkloadExceedsItsBudget() throws Exception {
        // Given
        LogWriter writer = new LogWriter(store, loop, workload);
        writer.system(now, "worker started").flush();
        fill(writer, 10);
        mergeAll.merge(workload);
        fill(writer, 20);
        long budget = logs.retention(workload).storedBytes() / 2;
        logs.setRetention(workload, new RetentionChange(null, null, budget));

        // When
        budgets.check(allPartitions());

        // Then
        LogRetention after = logs.retention(workload);
        assertThat(after.storedBytes()).isBetween(budget / 3, budget);
        List<Long> kept = numbers();
        assertThat(kept.getFirst()).isEqualTo(1L);
        assertThat(kept.subList(1, kept.size())).isEqualTo(range(kept.get(1), 31));
        assertThat(after.lines()).isEqualTo(kept.size());
    }

    @Test
    void shouldRemoveSystemLinesLastWhenNothingElseIsLeft() throws Exception {
        // Given
        LogWriter writer = new LogWriter(store, loop, workload);
        fill(writer, 2);
        for (int i = 0; i < 20; i++) {
            writer.system(now, "worker started").flush();
        }

        // When
        Removed removed = budgets.reduce(workload, 1500);

        // Then
        assertThat(removed.lines()).isBetween(3L, 21L);
        assertThat(logs.retention(workload).storedBytes()).isBetween(1L, 1500L);
        assertThat(numbers()).endsWith(22L);
    }

    @Test
    void shouldRemoveTheOldestOfAllWhenTheTotalIsExceeded() throws Exception {
        // Given
        WorkloadId other = new WorkloadId(workload.value() + "-b");
        logs.delete(workload, Long.MAX_VALUE, Long.MAX_VALUE);
        fill(new LogWriter(store, loop, workload), 10, now.minus(Duration.ofDays(3650)));
        fill(new LogWriter(store, loop, other), 10, now);
        long total = logs.retention(workload).storedBytes();

        // When
        long stored = expiry.total();
        // Half a chunk off, for they are not all of the same size.
        budgets.reduce(null, stored - total * 9 / 20);

        // Then
        assertThat(numbers()).containsExactlyElementsOf(range(6, 10));
        assertThat(logs.retention(other).lines()).isEqualTo(10);
    }

    /** Lines that cannot be compressed well, each a chunk of its own. */
    private void fill(LogWriter writer, int lines) {
        fill(writer, lines, now);
    }

    private void fill(LogWriter writer, int lines, Instant from) {
        for (int i = 0; i < lines; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = 0; j < 2000; j++) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            writer.output(from.plusMillis(i), text.toString()).flush();
        }
    }

    private void age() throws Exception {
        ageing.run(Set.of(RecordKey.partitionOf(workload.value())), now);
    }

    private static Set<Integer> allPartitions() {
        return Set.copyOf(LongStream.range(0, 12).mapToObj(i -> (int) i).toList());
    }

    private List<Long> numbers() {
        return new String(logs.after(workload, 0, LogsApi.PAGE_LINES_MAX).ndjson(), UTF_8)
                .lines()
                .map(row -> Long.parseLong(row.substring("{\"lineNo\":".length(), row.indexOf(','))))
                .toList();
    }

    private static List<Long> range(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    private static List<Object> rule(LogRetention retention) {
        return List.of(
                retention.output(),
                retention.outputFrom(),
                retention.system(),
                retention.systemFrom(),
                retention.maxBytes(),
                retention.maxBytesFrom());
    }

    private InstanceState instance(Kind kind, Instant createdAt, Map<String, String> labels) {
        return SomeInstance.of(workload, "c")
                .kind(kind)
                .labels(labels)
                .created(createdAt)
                .state();
    }
}
