package io.spyhop.gateway.jobs;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;

/** Names in the addresses of jobs and runs. What cannot be a name is the name of nothing. */
final class JobPaths {
    private JobPaths() {}

    /** The address of a job. */
    static String of(WorkloadId workload, String job) {
        return "/api/v1/workloads/" + workload + "/jobs/" + job;
    }

    /**
     * The name of a job.
     *
     * @throws SpyhopException {@code JOB_UNKNOWN}
     */
    static String job(String name) {
        if (!JobRequest.SLUG.matcher(name).matches()) {
            throw new SpyhopException(ErrorCode.JOB_UNKNOWN, "the workload has no such job");
        }
        return name;
    }

    /**
     * The name of a run.
     *
     * @throws SpyhopException {@code RUN_UNKNOWN}
     */
    static RunId run(String name) {
        if (!RunId.isValid(name)) {
            throw new SpyhopException(ErrorCode.RUN_UNKNOWN, "the job has no such run");
        }
        return new RunId(name);
    }
}
