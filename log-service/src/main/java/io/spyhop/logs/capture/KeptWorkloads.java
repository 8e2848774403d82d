package io.spyhop.logs.capture;

import io.spyhop.contracts.WorkloadId;
import java.sql.SQLException;

/** Remembers whose lines are kept for ever. Thread-safe. */
@FunctionalInterface
public interface KeptWorkloads {
    /** Keeps a workload's lines for ever from now on, unless its labels or the API say otherwise; idempotent. */
    void keep(WorkloadId workload) throws SQLException;
}
