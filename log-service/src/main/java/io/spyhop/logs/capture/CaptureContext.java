package io.spyhop.logs.capture;

import io.spyhop.logs.LogConnections;
import io.spyhop.logs.LogMetrics;
import io.spyhop.logs.store.BatchPublisher;
import io.spyhop.logs.store.ChunkStore;
import io.spyhop.logs.store.StoreLoop;
import java.util.function.Predicate;

/**
 * What every capture needs.
 *
 * @param retire asks to let a capture with nothing to do go; false when it has something to do again
 */
record CaptureContext(
        ChunkStore store,
        StoreLoop storeLoop,
        BatchPublisher publisher,
        LogConnections connections,
        LogMetrics metrics,
        Predicate<WorkloadCapture> retire) {}
