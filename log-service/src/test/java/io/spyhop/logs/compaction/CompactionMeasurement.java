package io.spyhop.logs.compaction;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LogRetention;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.logs.Backends;
import io.spyhop.logs.LogWriter;
import io.spyhop.logs.store.ChunkStore;
import io.spyhop.logs.store.DiskGuard;
import io.spyhop.logs.store.StoreLoop;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What compaction takes and saves, and whether storing is slower for it, with lines like those of an access log. Run by
 * name only: {@code -Dit.test=CompactionMeasurement}.
 */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class CompactionMeasurement {
    private static final Logger LOGGER = LoggerFactory.getLogger(CompactionMeasurement.class);
    private static final int LINES = 400_000;

    @Inject
    ChunkStore store;

    @Inject
    StoreLoop loop;

    @Inject
    DiskGuard disk;

    @Inject
    Compactor schedules;

    @Inject
    CompactionStore compaction;

    @Inject
    ChunkSwapStore chunks;

    @Inject
    CompactionMetrics metrics;

    @Inject
    LogsApi logs;

    @Inject
    @DataSource("logs")
    AgroalDataSource dataSource;

    @Test
    void measure() throws Exception {
        schedules.stop();
        Compactor own = new Compactor(compaction, chunks, loop, disk, metrics);
        write("warm-up");
        execute("drop index logs.chunk_small");
        double without = write("without");
        execute("create index chunk_small on logs.chunk (workload_id, last_line) include (raw_bytes)"
                + " where raw_bytes < 524288");
        double with = write("with");
        LogRetention before = logs.retention(new WorkloadId("with"));
        long begun = System.nanoTime();
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        own.compact(new WorkloadId("with"));
        long cpuTook = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
        long took = System.nanoTime() - begun;
        LogRetention after = logs.retention(new WorkloadId("with"));
        double meanwhile = writeWhileCompacting(own);
        LOGGER.atInfo().log(
                "stored MB/s raw: without the index {}, with it {}, while compacting {};"
                        + " compaction MB/s raw: {} a core of its own, {} with its rests;"
                        + " stored of raw {} % before, {} % after with filters",
                without,
                with,
                meanwhile,
                before.rawBytes() * 1e3 / cpuTook,
                before.rawBytes() * 1e3 / took,
                100.0 * before.storedBytes() / before.rawBytes(),
                100.0 * after.storedBytes() / after.rawBytes());
    }

    private double writeWhileCompacting(Compactor own) throws SQLException {
        AtomicBoolean written = new AtomicBoolean();
        CompletableFuture<Void> compacting = CompletableFuture.runAsync(() -> {
            try {
                while (!written.get()) {
                    own.compact(new WorkloadId("meanwhile"));
                }
            } catch (SQLException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        double rate = write("meanwhile");
        written.set(true);
        compacting.join();
        return rate;
    }

    private double write(String id) throws SQLException {
        Random random = new Random(1);
        LogWriter writer = new LogWriter(store, loop, new WorkloadId(id));
        Instant at = Instant.now();
        long begun = System.nanoTime();
        for (int i = 0; i < LINES; i++) {
            at = at.plus(Duration.ofNanos(random.nextInt(5_000_000)));
            writer.output(
                    at,
                    "10.0." + random.nextInt(256) + "." + random.nextInt(256)
                            + " - - [25/Nov/2026:03:04:05 +0000] \"GET /static/" + random.nextInt(2000)
                            + ".js?id=" + random.nextInt(100_000) + " HTTP/1.1\" 200 " + random.nextInt(50_000)
                            + " \"-\" \"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/"
                            + random.nextInt(40) + ".0 Safari/537.36\"");
        }
        writer.flush();
        long took = System.nanoTime() - begun;
        return logs.retention(new WorkloadId(id)).rawBytes() * 1e3 / took;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
