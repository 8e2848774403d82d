package io.spyhop.logs.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import io.agroal.api.AgroalDataSource;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.logs.store.Codec;
import io.spyhop.logs.store.RowColumns;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;

/** Lines of one workload for tests, and their chunks in the database. */
final class StoredLines {
    private static final String[] WORDS = {"apple", "Banana", "cherry", "date", "elder", "fig", "grape"};

    final WorkloadId workload =
            new WorkloadId("q-" + UUID.randomUUID().toString().substring(0, 13));
    final List<Line> lines = new ArrayList<>();
    final List<List<Line>> chunks = new ArrayList<>();

    /** A line, with the row that stands for it. */
    record Line(long number, long at, String row) {
        String inSearch(WorkloadId workload) {
            return "{\"workload\":\"" + workload + "\"," + row.substring(1);
        }
    }

    /** Chunks of a few lines with holes between their numbers, and clocks that step. */
    static StoredLines random(Random random, int chunks, String more) {
        StoredLines stored = new StoredLines();
        long number = random.nextInt(3);
        long at = 1_000;
        for (int i = 0; i < chunks; i++) {
            List<Line> chunk = new ArrayList<>();
            for (int j = random.nextInt(6); j >= 0; j--) {
                number += random.nextInt(4) == 0 ? random.nextInt(5) + 1 : 1;
                at += random.nextInt(10) == 0 ? -random.nextInt(300) : random.nextInt(40);
                chunk.add(line(number, at, WORDS[random.nextInt(WORDS.length)] + more, random.nextInt(4) == 0));
            }
            stored.add(chunk);
        }
        return stored;
    }

    static Line line(long number, long at, String message, boolean error) {
        return new Line(
                number,
                at,
                "{\"lineNo\":%d,\"at\":\"%s.%09dZ\",\"stream\":\"%s\",\"level\":\"%s\",\"message\":\"%s\"}\n"
                        .formatted(
                                number,
                                Instant.ofEpochSecond(Math.floorDiv(at, 1_000_000_000L))
                                        .toString()
                                        .replace("Z", ""),
                                Math.floorMod(at, 1_000_000_000L),
                                error ? "stderr" : "stdout",
                                error ? "stderr" : "info",
                                message));
    }

    void add(List<Line> chunk) {
        chunks.add(chunk);
        lines.addAll(chunk);
    }

    static byte[] rows(List<Line> lines) {
        return lines.stream().map(Line::row).collect(Collectors.joining()).getBytes(UTF_8);
    }

    /** Every other chunk has a filter, and two of three have their rows taken apart. */
    void store(AgroalDataSource dataSource, long lastNumber) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement position = connection.prepareStatement(
                        "insert into logs.position values (?, ?, 1) on conflict do nothing");
                PreparedStatement clear = connection.prepareStatement("delete from logs.chunk where workload_id = ?");
                PreparedStatement insert = connection.prepareStatement(
                        "insert into logs.chunk values (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)")) {
            position.setString(1, workload.value());
            position.setLong(2, lastNumber);
            position.execute();
            clear.setString(1, workload.value());
            clear.execute();
            for (int i = 0; i < chunks.size(); i++) {
                List<Line> chunk = chunks.get(i);
                byte[] raw = rows(chunk);
                insert.setString(1, workload.value());
                insert.setLong(2, chunk.getLast().number());
                insert.setLong(3, chunk.getFirst().number());
                insert.setLong(4, chunk.stream().mapToLong(Line::at).min().orElseThrow());
                insert.setLong(5, chunk.stream().mapToLong(Line::at).max().orElseThrow());
                insert.setInt(6, chunk.size());
                insert.setInt(7, raw.length);
                RowColumns columns = i % 3 == 0 ? null : RowColumns.of(raw, raw.length, chunk.size());
                insert.setShort(8, columns == null ? Codec.ZSTD : Codec.COLUMNS);
                insert.setBytes(9, i % 2 == 0 ? TrigramFilter.build(raw, raw.length) : null);
                insert.setBytes(10, columns == null ? Zstd.compress(raw) : columns.pack(1));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** As compaction does: neighbours become one chunk. */
    void merge(Random random) {
        for (int i = chunks.size() - 2; i >= 0; i -= 2) {
            if (random.nextBoolean()) {
                List<Line> merged = new ArrayList<>(chunks.get(i));
                merged.addAll(chunks.remove(i + 1));
                chunks.set(i, merged);
            }
        }
    }
}
