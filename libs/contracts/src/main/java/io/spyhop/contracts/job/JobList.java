package io.spyhop.contracts.job;

import java.util.List;

/**
 * All jobs of a workload, by id; there are {@link JobsApi#JOBS_MAX} at most. Immutable.
 *
 * @param items the jobs
 */
public record JobList(List<Job> items) {
    /** Copies the list. */
    public JobList {
        items = List.copyOf(items);
    }
}
