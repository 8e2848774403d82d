package io.spyhop.gateway.door;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobsApi;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The addresses of what runs wrote: {@code …/jobs/{job}/runs/{run}/logs} and what is below it. A run is a workload of its own,
 * which the catalogue knows only where it had a container; so jobs-service says that the run is of that job and workload, and
 * the run is what its workload is, to whom. That never changes, and is remembered. Thread-safe.
 */
final class RunLogs {
    /** An entry takes about two hundred bytes. */
    private static final int REMEMBERED_MAX = 8192;

    private static final Pattern REST = Pattern.compile("/jobs/[^/]+/runs/[^/]+/logs(?:/.*)?");

    // The segments of a canonical address.
    private static final int JOB = 5;
    private static final int RUN = 7;
    private static final int LOGS = 8;

    private record Known(WorkloadId workload, String job, RunId run) {}

    private final Supplier<JobsApi> jobs;

    private final Set<Known> remembered = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Known, Boolean> eldest) {
            return size() > REMEMBERED_MAX;
        }
    }));

    /** The workload that a run is, and what follows its address. */
    record Found(WorkloadId run, String rest) {}

    /** Asks jobs-service. */
    RunLogs(Supplier<JobsApi> jobs) {
        this.jobs = jobs;
    }

    /** Whether this follows the address of a workload where lines of one of its runs are asked for. */
    static boolean isAbout(String rest) {
        return REST.matcher(rest).matches();
    }

    /**
     * The run whose lines are asked for; empty where those of none are.
     *
     * @param path a canonical address
     * @param of the workload in it, of whose org the run is too
     * @throws SpyhopException {@code RUN_UNKNOWN}
     */
    Optional<Found> find(RequestPath path, WorkloadId of) {
        if (!isAbout(path.from(4))) {
            return Optional.empty();
        }
        String job = path.segments().get(JOB);
        String name = path.segments().get(RUN);
        if (!RunId.isValid(name)) {
            throw new SpyhopException(ErrorCode.RUN_UNKNOWN, "the job has no such run");
        }
        Known known = new Known(of, job, new RunId(name));
        if (!remembered.contains(known)) {
            jobs.get().findRun(of, job, known.run());
            remembered.add(known);
        }
        return Optional.of(new Found(known.run().workload(), path.from(LOGS)));
    }
}
