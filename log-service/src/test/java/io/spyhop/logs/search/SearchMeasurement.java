package io.spyhop.logs.search;

import com.github.luben.zstd.Zstd;
import com.sun.management.OperatingSystemMXBean;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LineFilter;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.log.SearchPage;
import io.spyhop.contracts.log.SearchQuery;
import io.spyhop.contracts.log.Stream;
import io.spyhop.logs.Backends;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.search.StoredLines.Line;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long the calls of a search take where thousands of workloads have lines at the same time and no filter passes over
 * any. Run by name only: {@code -Dit.test=SearchMeasurement}.
 */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class SearchMeasurement {
    private static final Logger LOGGER = LoggerFactory.getLogger(SearchMeasurement.class);
    private static final int WORKLOADS = 2000;
    private static final int CHUNKS = 200;
    private static final long SECOND = 1_000_000_000L;

    @Inject
    @DataSource("logs")
    AgroalDataSource dataSource;

    @Inject
    LogsApi logs;

    @Test
    void measure() throws SQLException {
        List<WorkloadId> workloads = store();
        LineFilter filter = new LineFilter(
                Set.of(Stream.STDERR), Set.of(), null, null, Map.of(), 0L, Long.valueOf(10_000 * SECOND));
        for (int round = 1; round <= 3; round++) {
            List<Long> calls = new ArrayList<>();
            long windows = 0;
            SearchQuery query = new SearchQuery(workloads, filter, 10_000 * SECOND, 100, 100 * SECOND);
            SearchPage page;
            do {
                long begun = System.nanoTime();
                page = logs.search(query);
                calls.add((System.nanoTime() - begun) / 1_000_000);
                windows += page.window() == null ? 1 : 0;
                query = new SearchQuery(workloads, filter, page.throughNanos(), 100, 100 * SECOND, page.window());
            } while (page.more());
            LOGGER.atInfo().log(
                    "{} calls of {} ms at most, {} ms in all; {} of them ended a window",
                    calls.size(),
                    calls.stream().mapToLong(Long::longValue).max().orElse(0),
                    calls.stream().mapToLong(Long::longValue).sum(),
                    windows);
        }
    }

    @Test
    void measureCounting() throws SQLException {
        StoredLines stored = new StoredLines();
        int perChunk = LogLimits.COMPACTED_RAW_BYTES / 250;
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            int begin = chunk * perChunk;
            stored.add(IntStream.rangeClosed(1, perChunk)
                    .mapToObj(n -> access(begin + n, (begin + n) * SECOND / 1000))
                    .toList());
        }
        long count = (long) CHUNKS * perChunk;
        stored.store(dataSource, count);
        long bytes =
                stored.lines.stream().mapToLong(line -> line.row().length()).sum();
        long until = count * SECOND / 1000 + 1;
        LineFilter filter = new LineFilter(Set.of(), Set.of(), "applewebkit", null, Map.of(), 0L, until);
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        for (int round = 1; round <= 8; round++) {
            long cpu = system.getProcessCpuTime();
            long begun = System.nanoTime();
            SearchQuery query = new SearchQuery(List.of(stored.workload), filter, until, 0, until / 100 + 1);
            SearchPage page;
            int calls = 0;
            do {
                page = logs.search(query);
                query = new SearchQuery(
                        query.workloads(), filter, page.throughNanos(), 0, query.bucketNanos(), page.window());
                calls++;
            } while (page.more());
            LOGGER.atInfo().log(
                    "counted in {} calls at {} MB/s of rows, {} MB/s a core without the database",
                    calls,
                    bytes * 1000 / (System.nanoTime() - begun),
                    bytes * 1000 / (system.getProcessCpuTime() - cpu));
        }
    }

    private static Line access(long number, long at) {
        return StoredLines.line(
                number,
                at,
                "GET /static/" + number * 7919 % 2000 + ".js HTTP/1.1 200 " + number * 104_729 % 50_000
                        + (number % 4 == 0
                                ? " Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
                                : " -")
                        + " " + number * 31_337 % 1_000_003,
                false);
    }

    /** Each has one full chunk, of lines over the whole time. */
    private List<WorkloadId> store() throws SQLException {
        int count = LogLimits.COMPACTED_RAW_BYTES / 250;
        List<Line> lines = IntStream.rangeClosed(1, count)
                .mapToObj(n -> StoredLines.line(
                        n,
                        n * (9_999 * SECOND) / count,
                        "GET /static/" + n * 7919 % 2000 + ".js HTTP/1.1 200 " + n * 104_729 % 50_000
                                + " Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)",
                        n % 1000 == 0))
                .toList();
        byte[] raw = StoredLines.rows(lines);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO logs.chunk
                        SELECT 'measured-' || i, ?, 1, ? + i, ? + i, 0, ?, ?, 1, NULL, ? FROM generate_series(1, ?) i""")) {
            insert.setLong(1, count);
            insert.setLong(2, lines.getFirst().at() - WORKLOADS);
            insert.setLong(3, lines.getLast().at());
            insert.setInt(4, count);
            insert.setInt(5, raw.length);
            insert.setBytes(6, Zstd.compress(raw, LogLimits.COMPACTED_COMPRESSION_LEVEL));
            insert.setInt(7, WORKLOADS);
            insert.executeUpdate();
        }
        return IntStream.rangeClosed(1, WORKLOADS)
                .mapToObj(i -> new WorkloadId("measured-" + i))
                .toList();
    }
}
