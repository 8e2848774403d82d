package io.spyhop.logs.compaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.logs.Backends;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.LogWriter;
import io.spyhop.logs.search.TrigramFilter;
import io.spyhop.logs.store.ChunkStore;
import io.spyhop.logs.store.Codec;
import io.spyhop.logs.store.StoreLoop;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * Compaction of one workload on a real database. The service's own schedule compacts beside the tests: that must never make
 * a difference.
 */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class CompactionIT {
    private final Instant now = Instant.now();

    @Inject
    ChunkStore store;

    @Inject
    StoreLoop loop;

    @Inject
    Compactor compactor;

    @Inject
    CompactionStore compaction;

    @Inject
    ChunkSwapStore chunks;

    @Inject
    LogsApi logs;

    @Inject
    @DataSource("logs")
    AgroalDataSource dataSource;

    private final WorkloadId workload =
            new WorkloadId("w-" + UUID.randomUUID().toString().substring(0, 8));

    @Test
    void shouldAnswerTheSamePagesWhenChunksBecameOne() throws Exception {
        // Given
        LogWriter writer = new LogWriter(store, loop, workload);
        for (int i = 0; i < LogLimits.COMPACTED_CHUNKS_MIN - 2; i++) {
            writer.output(now.plusMillis(i), "first " + i).output(now.plusMillis(i), "second " + i);
            writer.flush();
        }
        writer.system(now.plusSeconds(1), "worker stopped").flush();
        List<LinesPage> before = pages();
        writer.output(now.plusSeconds(2), "last").flush();

        // When
        compactor.compact(workload);

        // Then
        assertThat(count("retention_class = 2")).isEqualTo(1);
        assertThat(count("true")).isEqualTo(1);
        logsAre(before);
    }

    /** Every page up to the line before the last one. */
    private List<LinesPage> pages() {
        List<LinesPage> pages = new ArrayList<>();
        for (int limit : new int[] {1, 2, 7, 40}) {
            for (long after = 0; after + limit <= 61; after++) {
                pages.add(logs.after(workload, after, limit));
            }
        }
        return pages;
    }

    private void logsAre(List<LinesPage> before) {
        List<LinesPage> now = pages();
        assertThat(now).hasSameSizeAs(before);
        for (int i = 0; i < now.size(); i++) {
            assertThat(now.get(i).ndjson()).isEqualTo(before.get(i).ndjson());
            assertThat(now.get(i).count()).isEqualTo(before.get(i).count());
            assertThat(now.get(i).through()).isEqualTo(before.get(i).through());
            assertThat(now.get(i).more()).isEqualTo(before.get(i).more());
        }
        assertThat(new String(logs.tail(workload, 2).ndjson(), UTF_8).lines())
                .hasSize(2)
                .last()
                .asString()
                .contains("last");
    }

    @Test
    void shouldFillLargeChunksWithFiltersWhenMuchIsStored() throws Exception {
        // Given
        LogWriter writer = new LogWriter(store, loop, workload);
        for (int i = 0; i < 6_000; i++) {
            writer.output(now.plusMillis(i), "GET /assets/" + i * 7919 % 1000 + ".css HTTP/1.1 200 needle" + i);
        }
        writer.flush();

        // When
        compactor.compact(workload);

        // Then
        assertThat(count("raw_bytes >= " + LogLimits.COMPACTED_RAW_BYTES)).isEqualTo(1);
        assertThat(count("codec = " + Codec.COLUMNS)).isEqualTo(1);
        assertThat(count("raw_bytes >= 2 * " + LogLimits.COMPACTED_RAW_BYTES)).isZero();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "select filter, raw_bytes from logs.chunk where workload_id = ? order by last_line limit 1")) {
            statement.setString(1, workload.value());
            try (var row = statement.executeQuery()) {
                row.next();
                byte[] filter = row.getBytes(1);
                assertThat(filter).hasSizeLessThanOrEqualTo(row.getInt(2) / 50);
                assertThat(TrigramFilter.mayContain(filter, "needle17".getBytes(UTF_8)))
                        .isTrue();
                assertThat(TrigramFilter.mayContain(filter, "xylophone".getBytes(UTF_8)))
                        .isFalse();
            }
        }
    }

    @Test
    void shouldLoseAndRepeatNothingWhenTwoCompactWhileOneWritesAndOneReads() throws Exception {
        // Given
        int lines = 3_000;
        AtomicBoolean written = new AtomicBoolean();
        List<CompletableFuture<Void>> work = new ArrayList<>();
        work.add(CompletableFuture.runAsync(() -> write(lines, written)));
        work.add(CompletableFuture.runAsync(() -> compactUntil(written)));
        work.add(CompletableFuture.runAsync(() -> compactUntil(written)));

        // When
        do {
            expectAll(lines, false);
        } while (!written.get());
        CompletableFuture.allOf(work.toArray(CompletableFuture[]::new)).join();

        // Then
        expectAll(lines, true);
        assertThat(count("true")).isLessThan(100);
        assertThat(total("line_count")).isEqualTo(lines);
    }

    private void write(int lines, AtomicBoolean written) {
        try {
            LogWriter writer = new LogWriter(store, loop, workload);
            for (int i = 1; i <= lines; i++) {
                writer.output(now.plusMillis(i), "line " + i);
                if (i % 10 == 0) {
                    writer.flush();
                }
            }
            writer.flush();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            written.set(true);
        }
    }

    private void compactUntil(AtomicBoolean written) {
        try {
            while (!written.get()) {
                compactor.compact(workload);
            }
            compactor.compact(workload);
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void expectAll(int lines, boolean finished) {
        long after = 0;
        while (true) {
            LinesPage page = logs.after(workload, after, 500);
            for (String row : new String(page.ndjson(), UTF_8).lines().toList()) {
                after++;
                assertThat(row).startsWith("{\"lineNo\":" + after + ",").contains("\"line " + after + "\"");
            }
            if (page.count() == 0) {
                break;
            }
        }
        if (finished) {
            assertThat(after).isEqualTo(lines);
        }
    }

    @Test
    void shouldChangeNothingWhenAnExchangeFails() throws Exception {
        // Given
        LogWriter writer = new LogWriter(store, loop, workload);
        for (int i = 1; i <= 3; i++) {
            writer.output(now, "line " + i).flush();
        }
        List<Chunk> small = compaction.small(workload).getFirst();
        List<Chunk> group = small.subList(0, 2);
        byte[] rows = chunks.read(group).orElseThrow();
        Chunk merged = ChunkMerge.merged(group);
        Chunk clashing =
                new Chunk(workload, 1, 3, merged.firstAt(), merged.lastAt(), Chunk.OUTPUT, 2, merged.rawBytes());

        // When
        assertThatThrownBy(() -> chunks.swap(group, PackedChunk.of(clashing, rows)))
                .isInstanceOf(SQLException.class);

        // Then
        assertThat(compaction.small(workload).getFirst()).isEqualTo(small);
        expectAll(3, true);
    }

    @Test
    void shouldRefuseAnExchangeWhenAnotherWasQuicker() throws Exception {
        // Given
        LogWriter writer = new LogWriter(store, loop, workload);
        for (int i = 1; i <= 4; i++) {
            writer.output(now, "line " + i).flush();
        }
        List<Chunk> small = compaction.small(workload).getFirst();
        List<Chunk> late = small.subList(1, 4);
        PackedChunk lateMerge =
                PackedChunk.of(ChunkMerge.merged(late), chunks.read(late).orElseThrow());
        List<Chunk> quick = small.subList(0, 2);
        PackedChunk quickMerge =
                PackedChunk.of(ChunkMerge.merged(quick), chunks.read(quick).orElseThrow());

        // When: the chunk that ends with line 2 is another one now.
        boolean quickDone = chunks.swap(quick, quickMerge);
        boolean lateDone = chunks.swap(late, lateMerge);

        // Then
        assertThat(quickDone).isTrue();
        assertThat(lateDone).isFalse();
        assertThat(chunks.read(late)).isEqualTo(Optional.empty());
        expectAll(4, true);
    }

    @Test
    void shouldGoOnStoringWhenACompactorIsHeldStill() throws Exception {
        // Given
        LogWriter writer = new LogWriter(store, loop, workload);
        writer.output(now, "line 1").flush().output(now, "line 2").flush();
        try (Connection held = dataSource.getConnection();
                PreparedStatement delete =
                        held.prepareStatement("delete from logs.chunk where workload_id = ? and last_line <= 2")) {
            held.setAutoCommit(false);
            delete.setString(1, workload.value());
            assertThat(delete.executeUpdate()).isEqualTo(2);

            // When
            writer.output(now, "line 3").flush();

            // Then
            expectAll(3, true);
            held.rollback();
        }
        expectAll(3, true);
    }

    private long count(String condition) throws SQLException {
        return number("select count(*) from logs.chunk where workload_id = ? and " + condition);
    }

    private long total(String column) throws SQLException {
        return number("select sum(" + column + ") from logs.chunk where workload_id = ?");
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, workload.value());
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    @Test
    void shouldFindAllWorkloadsWithSmallChunksInParts() throws Exception {
        // Given
        int workloads = 2 * LogLimits.COMPACTION_CANDIDATES + 1;
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO logs.chunk
                        SELECT ? || '-' || i, n, n, ?, ?, 0, 1, 10, 1, NULL, '' FROM generate_series(1, ?) i, generate_series(1, 2) n
                        """)) {
            insert.setString(1, workload.value());
            insert.setLong(2, now.getEpochSecond() * 1_000_000_000L);
            insert.setLong(3, now.getEpochSecond() * 1_000_000_000L);
            insert.setInt(4, workloads);
            insert.executeUpdate();
        }
        // When
        List<CompactionStore.Candidate> found = new ArrayList<>();
        List<CompactionStore.Candidate> some = compaction.candidates("");
        int parts = 0;
        while (!some.isEmpty()) {
            found.addAll(some);
            parts++;
            some = compaction.candidates(some.getLast().workload().value());
        }
        // Then
        assertThat(parts).isGreaterThan(2);
        assertThat(found.stream()
                        .filter(each -> each.workload().value().startsWith(workload.value() + "-"))
                        .toList())
                .hasSize(workloads)
                .allMatch(each -> each.small() == 2 && each.lastLine() == 2 && each.rawBytes() == 20)
                .noneMatch(CompactionStore.Candidate::isWorthALook)
                .doesNotHaveDuplicates();
    }
}
