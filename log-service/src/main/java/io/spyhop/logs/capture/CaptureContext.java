package io.spyhop.logs.capture;

import io.spyhop.engine.ContainerEngine;
import io.spyhop.logs.LogMetrics;
import io.spyhop.logs.store.BatchPublisher;
import io.spyhop.logs.store.ChunkStore;
import io.spyhop.logs.store.DiskGuard;
import io.spyhop.logs.store.StoreLoop;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What every capture needs.
 *
 * @param engines the engine of a host, by its name
 * @param retire asks to let a capture with nothing to do go; false when it has something to do again
 */
record CaptureContext(
        ChunkStore store,
        StoreLoop storeLoop,
        BatchPublisher publisher,
        DiskGuard disk,
        Function<String, ContainerEngine> engines,
        LogMetrics metrics,
        Predicate<WorkloadCapture> retire) {}
