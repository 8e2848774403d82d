package io.spyhop.jobs.definition;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.ExecList;
import io.spyhop.contracts.job.ExecQuery;
import io.spyhop.contracts.job.Job;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobList;
import io.spyhop.contracts.job.JobsApi;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunDetails;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunPage;
import io.spyhop.contracts.job.RunQuery;
import io.spyhop.contracts.job.RunRequest;
import io.spyhop.contracts.job.RunStatus;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.jobs.history.History;
import io.spyhop.jobs.run.RunStore;
import io.spyhop.jobs.run.StopWays;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Answers for jobs and their runs. */
@ApplicationScoped
@RunOnVirtualThread
class JobsResource implements JobsApi {
    private final Definitions definitions;
    private final Triggers triggers;
    private final History history;
    private final RunStore runs;
    private final StopWays stopWays;
    private final Clock clock = Clock.systemUTC();

    @Inject
    JobsResource(Definitions definitions, Triggers triggers, History history, RunStore runs, StopWays stopWays) {
        this.definitions = definitions;
        this.triggers = triggers;
        this.history = history;
        this.runs = runs;
        this.stopWays = stopWays;
    }

    @Override
    public JobList list(WorkloadId workload) {
        return answered(() -> new JobList(definitions.list(workload)));
    }

    @Override
    public Job find(WorkloadId workload, String job) {
        return answered(() -> definitions.find(workload, job));
    }

    @Override
    public Job create(WorkloadId workload, String org, JobDefinition definition) {
        return answered(() -> definitions.create(workload, org, definition));
    }

    @Override
    public Job put(WorkloadId workload, String job, String org, @Nullable Integer revision, JobDefinition definition) {
        return answered(() -> definitions.put(workload, job, org, revision, definition));
    }

    @Override
    public void delete(WorkloadId workload, String job) {
        answered(() -> {
            definitions.delete(workload, job);
            return true;
        });
    }

    @Override
    public Run run(WorkloadId workload, String job, RunRequest request) {
        return answered(() -> triggers.run(workload, job, request));
    }

    @Override
    public RunPage runs(RunQuery query) {
        return answered(() -> history.page(query));
    }

    @Override
    public ExecList execs(ExecQuery query) {
        return answered(() -> history.execs(query));
    }

    @Override
    public RunDetails findRun(WorkloadId workload, String job, RunId run) {
        return answered(() -> history.find(workload, job, run));
    }

    @Override
    public Run cancel(WorkloadId workload, String job, RunId run) {
        return answered(() -> {
            Run before = history.find(workload, job, run).run();
            if (before.status() == RunStatus.CANCELLED) {
                return before;
            }
            if (!before.status().ended() && !stopWays.has(before)) {
                throw Definitions.conflict(
                        "the command's processes cannot be seen from Spyhop, and its container has no"
                                + " shell that could end them; it ends by itself");
            }
            // False where it ended since it was read.
            if (before.status().ended() || !runs.cancel(run, clock.instant())) {
                throw Definitions.conflict("the run is over");
            }
            return history.find(workload, job, run).run();
        });
    }

    private interface Answer<T> {
        T get() throws SQLException;
    }

    private static <T> T answered(Answer<T> answer) {
        try {
            return answer.get();
        } catch (SQLException e) {
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "the database of jobs-service is away", e);
        }
    }
}
