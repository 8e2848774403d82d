package io.spyhop.contracts.job;

import io.spyhop.contracts.WorkloadId;
import java.time.Instant;
import java.util.List;

/**
 * Which runs inside running instances are asked for. Immutable.
 *
 * @param orgs whose they are; empty for all
 * @param workloads of whose jobs; empty for all
 * @param from they ended at or after it, or have not
 * @param to they were asked for before it
 * @param limit 0 to {@link JobsApi#EXECS_MAX}
 */
public record ExecQuery(List<String> orgs, List<WorkloadId> workloads, Instant from, Instant to, int limit) {
    /** Copies the lists. */
    public ExecQuery {
        orgs = List.copyOf(orgs);
        workloads = List.copyOf(workloads);
    }
}
