package io.spyhop.jobs.definition;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.Job;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunProof;
import io.spyhop.contracts.job.RunRequest;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.jobs.JobsShare;
import io.spyhop.jobs.run.NewRun;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Takes requests for runs: decides whether they may be, writes them down, and leaves the doing to others. Thread-safe. */
@ApplicationScoped
class Triggers {
    private final Definitions definitions;
    private final TriggerStore store;
    private final JobsShare share;
    private final Clock clock = Clock.systemUTC();

    @Inject
    Triggers(Definitions definitions, TriggerStore store, JobsShare share) {
        this.definitions = definitions;
        this.store = store;
        this.share = share;
    }

    /**
     * Asks for a run.
     *
     * @throws SpyhopException as {@code JobsApi} says
     */
    Run run(WorkloadId workload, String jobId, RunRequest request) throws SQLException {
        String key = request.idempotencyKey();
        if (key != null
                && (key.isBlank()
                        || key.length() > DefinitionLimits.KEY_LENGTH_MAX
                        || key.chars().anyMatch(Character::isISOControl))) {
            throw SpyhopException.parameter(
                    "Idempotency-Key", "1 to " + DefinitionLimits.KEY_LENGTH_MAX + " characters");
        }
        Job job = definitions.find(workload, jobId);
        NewRun run = request.rerunOf() == null
                ? newRun(workload, job, request)
                : repetition(workload, jobId, request, request.rerunOf());
        boolean alone = run.definition().concurrency().equals(JobDefinition.FORBID)
                || job.definition().concurrency().equals(JobDefinition.FORBID);
        checkRunnable(workload, run.definition().mode());
        return switch (store.ask(run, alone, run.queuedAt().minus(DefinitionLimits.KEY_KEPT))) {
            case AskedRun.Queued queued -> queued.run();
            case AskedRun.Known known -> same(known, run);
            case AskedRun.Busy busy ->
                throw Definitions.conflict("the job forbids a second run while " + busy.run() + " goes on");
            case AskedRun.Gone _ -> throw Definitions.unknown();
        };
    }

    private NewRun newRun(WorkloadId workload, Job job, RunRequest request) {
        Map<String, String> parameters = GivenParameters.complete(job.definition(), request.parameters());
        Instant now = now();
        RunProof proof = RunProof.create();
        return new NewRun(
                RunId.create(now, proof),
                proof,
                workload,
                request.org(),
                job.definition(),
                job.revision(),
                parameters,
                request.triggeredBy(),
                request.triggeredByName(),
                null,
                null,
                now,
                now,
                null,
                null,
                request.idempotencyKey());
    }

    private NewRun repetition(WorkloadId workload, String job, RunRequest request, RunId of) throws SQLException {
        if (!request.parameters().isEmpty()) {
            throw new SpyhopException(
                    ErrorCode.BODY_INVALID, "parameters: a repetition has those of the run that it repeats");
        }
        TriggerStore.Repeated repeated = store.repeated(workload, job, of)
                .orElseThrow(() ->
                        new SpyhopException(ErrorCode.RUN_UNKNOWN, "the job has no run of that id to be repeated"));
        Instant now = now();
        RunProof proof = RunProof.create();
        return new NewRun(
                RunId.create(now, proof),
                proof,
                workload,
                request.org(),
                repeated.definition(),
                repeated.revision(),
                repeated.parameters(),
                request.triggeredBy(),
                request.triggeredByName(),
                of,
                null,
                now,
                now,
                repeated.image(),
                repeated.imageDigest(),
                request.idempotencyKey());
    }

    /** As exact as the database is. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** The owner of the workload knows best; another replica asks what it wrote down. */
    private void checkRunnable(WorkloadId workload, JobMode mode) throws SQLException {
        boolean mine = share.ready() && share.owns(workload);
        List<InstanceState> instances = mine ? share.instances(workload) : List.of();
        boolean runs = instances.stream().anyMatch(instance -> instance.status().answers());
        if (runs || (mode == JobMode.RUN && !instances.isEmpty())) {
            return;
        }
        boolean running = store.seen(workload)
                .orElseThrow(() -> Definitions.conflict(
                        "no container of the workload was ever seen: there is nothing to run the command in"));
        if (mode == JobMode.EXEC && (mine || !running)) {
            throw Definitions.conflict(
                    "no instance of the workload runs, and in mode exec the command runs inside one");
        }
    }

    /** The key's run, where the same was asked for. */
    private static Run same(AskedRun.Known known, NewRun asked) {
        if (!known.parameters().equals(asked.parameters())
                || !Objects.equals(known.run().rerunOf(), asked.rerunOf())) {
            throw Definitions.conflict("the Idempotency-Key stands for "
                    + known.run().id() + ", which was asked for with other parameters");
        }
        return known.run();
    }
}
