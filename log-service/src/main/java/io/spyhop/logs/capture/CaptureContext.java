package io.spyhop.logs.capture;

import io.spyhop.engine.ContainerEngine;
import io.spyhop.logs.LogMetrics;
import io.spyhop.logs.store.BatchPublisher;
import io.spyhop.logs.store.ChunkStore;
import io.spyhop.logs.store.DiskGuard;
import io.spyhop.logs.store.StoreLoop;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What every capture needs.
 *
 * @param engines the engine of a host, by its name
 * @param backfillBytes how much of a log's files is read at first sight
 * @param silence how long a follow through the API may bring nothing before the engine is asked whether it has more
 * @param retire asks to let a capture with nothing to do go; false when it has something to do again
 */
record CaptureContext(
        ChunkStore store,
        StoreLoop storeLoop,
        BatchPublisher publisher,
        DiskGuard disk,
        Evidence evidence,
        KeptWorkloads keptWorkloads,
        Function<String, ContainerEngine> engines,
        LogMetrics metrics,
        long backfillBytes,
        Duration silence,
        Predicate<WorkloadCapture> retire) {}
