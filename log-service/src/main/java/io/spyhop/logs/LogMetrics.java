package io.spyhop.logs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.spyhop.engine.LogWay;
import io.spyhop.logs.number.SealedBatch;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** What log-service counts, per batch. Thread-safe. */
@ApplicationScoped
public class LogMetrics {
    private final Counter lines;
    private final Counter rawBytes;
    private final Counter storedBytes;
    private final Counter fenced;
    private final Counter storeFailed;
    private final Counter publishFailed;
    private final Counter repeated;
    private final Counter gaps;
    private final Counter stalled;
    private final Counter openedByFile;
    private final Counter openedByApi;

    @Inject
    LogMetrics(MeterRegistry registry) {
        lines = registry.counter("spyhop_log_lines_stored");
        rawBytes = registry.counter("spyhop_log_raw_bytes");
        storedBytes = registry.counter("spyhop_log_stored_bytes");
        fenced = registry.counter("spyhop_log_ownerships_fenced");
        storeFailed = registry.counter("spyhop_log_transactions_failed");
        publishFailed = registry.counter("spyhop_log_batches_unpublished");
        repeated = registry.counter("spyhop_log_lines_repeated");
        gaps = registry.counter("spyhop_log_gaps");
        stalled = registry.counter("spyhop_log_follows_stalled");
        openedByFile = registry.counter("spyhop_logs_opened", "way", "file");
        openedByApi = registry.counter("spyhop_logs_opened", "way", "api");
    }

    /** A batch was stored. */
    public void stored(SealedBatch batch, int compressedBytes) {
        lines.increment((double) batch.lastLine() - batch.firstLine() + 1);
        rawBytes.increment(batch.length());
        storedBytes.increment(compressedBytes);
    }

    /** A former owner tried to store. */
    public void fenced() {
        fenced.increment();
    }

    /** A transaction failed or has an unknown outcome. */
    public void storeFailed() {
        storeFailed.increment();
    }

    /** A stored batch could not be published. */
    public void publishFailed() {
        publishFailed.increment();
    }

    /** A container's log was opened to be followed. */
    public void opened(LogWay way) {
        (way == LogWay.FILE ? openedByFile : openedByApi).increment();
    }

    /** A hole in a container's output was told. */
    public void gap() {
        gaps.increment();
    }

    /** A follow brought nothing although there was something. */
    public void stalled() {
        stalled.increment();
    }

    /** Lines that the engine sent again were dropped. */
    public void repeated(long count) {
        repeated.increment((double) count);
    }
}
