package io.spyhop.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.Stream;
import io.spyhop.logs.number.EpochNanos;
import io.spyhop.logs.number.Line;
import io.spyhop.logs.number.StreamCursor;
import io.spyhop.logs.number.StreamPosition;
import io.spyhop.logs.number.WorkloadLog;
import io.spyhop.logs.store.ChunkStore;
import io.spyhop.logs.store.Ownership;
import io.spyhop.logs.store.StoreLoop;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** Stores lines of one workload the way capture does. Each flush makes a chunk of output or of system lines. */
public final class LogWriter {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final WorkloadLog log;
    private final StreamCursor stdout = new StreamCursor(StreamPosition.none("c", Stream.STDOUT));
    private final StreamCursor system = new StreamCursor(StreamPosition.none("c", Stream.SYSTEM));

    /** Takes the workload over. */
    public LogWriter(ChunkStore store, StoreLoop loop, WorkloadId workload) throws SQLException {
        Ownership ownership = store.takeOver(workload);
        log = new WorkloadLog(
                workload, ownership.epoch(), ownership.lastLine(), loop.unstored(), loop::dirty, () -> {});
    }

    /** Writes a line of output. */
    public LogWriter output(Instant at, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        try {
            log.append(new Line(Stream.STDOUT, EpochNanos.of(at), -1, bytes, 0, bytes.length, false), stdout);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** Writes a system line. */
    public LogWriter system(Instant at, String text) {
        byte[] bytes = text.getBytes(UTF_8);
        log.appendSystem(
                new Line(Stream.SYSTEM, EpochNanos.of(at), -1, bytes, 0, bytes.length, false), system, null, () -> {});
        return this;
    }

    /** Waits until everything is stored. */
    public LogWriter flush() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(1)).until(log::clean);
        return this;
    }
}
