package io.spyhop.jobs.history;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.ExecList;
import io.spyhop.contracts.job.ExecQuery;
import io.spyhop.contracts.job.JobsApi;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunDetails;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunPage;
import io.spyhop.contracts.job.RunQuery;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Answers for runs that were asked for, whether their jobs still are or not. Thread-safe. */
@ApplicationScoped
public class History {
    private final RunReader reader;

    @Inject
    History(RunReader reader) {
        this.reader = reader;
    }

    /**
     * A page, newest first.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    public RunPage page(RunQuery query) throws SQLException {
        if (query.limit() < 1 || query.limit() > JobsApi.PAGE_MAX) {
            throw SpyhopException.parameter("limit", "1 to " + JobsApi.PAGE_MAX);
        }
        if (query.jobId() != null && query.jobId().indexOf('\0') >= 0) {
            return new RunPage(List.of(), null);
        }
        RunCursor cursor = query.cursor() == null ? null : RunCursor.of(query.cursor());
        List<Run> found = reader.page(query, cursor, query.limit() + 1);
        boolean more = found.size() > query.limit();
        List<Run> shown = more ? found.subList(0, query.limit()) : found;
        return new RunPage(shown, more ? RunCursor.after(shown.getLast()).text() : null);
    }

    /**
     * Runs inside instances.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    public ExecList execs(ExecQuery query) throws SQLException {
        if (query.limit() < 0 || query.limit() > JobsApi.EXECS_MAX) {
            throw SpyhopException.parameter("limit", "0 to " + JobsApi.EXECS_MAX);
        }
        return new ExecList(reader.execs(query));
    }

    /**
     * One run.
     *
     * @throws SpyhopException {@code RUN_UNKNOWN}
     */
    public RunDetails find(WorkloadId workload, String job, RunId run) throws SQLException {
        // No job has such an id, and the database takes no such text.
        Optional<RunDetails> found = job.indexOf('\0') < 0 ? reader.find(workload, job, run) : Optional.empty();
        return found.orElseThrow(() -> new SpyhopException(ErrorCode.RUN_UNKNOWN, "the job has no run of that id"));
    }
}
