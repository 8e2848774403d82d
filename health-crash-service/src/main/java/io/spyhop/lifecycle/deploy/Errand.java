package io.spyhop.lifecycle.deploy;

import io.spyhop.contracts.WorkloadId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that Spyhop was asked to do with a workload on one host, and how far it is. Immutable.
 *
 * @param ticket another one for each request
 * @param attempt one more each time it is taken up
 * @param failures in a row
 * @param signalledAt when the programs were asked to end, or were about to be; null before
 * @param reason why the last attempt failed, or why what was done is undone; null where nothing failed
 */
record Errand(
        WorkloadId workload,
        String host,
        ErrandKind kind,
        Step step,
        long ticket,
        int attempt,
        int failures,
        Instant dueAt,
        @Nullable Instant signalledAt,
        @Nullable String reason) {
    /** Names an errand without how far it is. */
    Key key() {
        return new Key(workload, host);
    }

    /** There is at most one for a workload on a host. */
    record Key(WorkloadId workload, String host) {}
}
