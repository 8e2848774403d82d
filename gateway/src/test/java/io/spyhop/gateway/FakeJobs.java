package io.spyhop.gateway;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.ExecList;
import io.spyhop.contracts.job.ExecQuery;
import io.spyhop.contracts.job.Job;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobList;
import io.spyhop.contracts.job.JobMode;
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
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Jobs in memory: whatever is defined is right, and runs stay as they were asked for. Thread-safe. */
@ApplicationScoped
public class FakeJobs implements JobsApi {
    private record Key(WorkloadId workload, String job) {}

    private final Map<Key, Job> jobs = new HashMap<>();
    private final Map<RunId, RunDetails> runs = new TreeMap<>(Comparator.reverseOrder());
    private final List<RunRequest> requests = new ArrayList<>();
    private final List<RunQuery> queries = new ArrayList<>();
    private @Nullable Function<JobDefinition, JobDefinition> interference;
    private boolean away;

    /** What was asked for last. */
    public synchronized RunRequest lastRequest() {
        return requests.getLast();
    }

    public synchronized RunQuery lastQuery() {
        return queries.getLast();
    }

    /** Before the next change somebody else makes this one. */
    public synchronized void interfere(Function<JobDefinition, JobDefinition> change) {
        interference = change;
    }

    public synchronized void away(boolean now) {
        away = now;
    }

    /** Writes down a run that was asked for at that time. */
    public synchronized Run add(WorkloadId workload, String job, Instant at, RunStatus status) {
        RunRequest request = new RunRequest("acme", Run.BY_SCHEDULE, null, Map.of(), null, null);
        return add(workload, Objects.requireNonNull(jobs.get(new Key(workload, job))), at, status, request);
    }

    private Run add(WorkloadId workload, Job job, Instant at, RunStatus status, RunRequest request) {
        JobDefinition definition = job.definition();
        Run run = new Run(
                RunId.create(at),
                definition.id(),
                workload,
                request.org(),
                definition.mode(),
                status,
                null,
                null,
                null,
                1,
                definition.retries() + 1,
                request.triggeredBy(),
                request.triggeredByName(),
                request.rerunOf(),
                null,
                at,
                null,
                null,
                null,
                null,
                null);
        runs.put(
                run.id(),
                new RunDetails(
                        run,
                        definition,
                        job.revision(),
                        request.parameters(),
                        "busybox",
                        "sha256:1",
                        List.of("A", "PATH")));
        return run;
    }

    @Override
    public synchronized JobList list(WorkloadId workload) {
        return new JobList(jobs.entrySet().stream()
                .filter(each -> each.getKey().workload().equals(workload))
                .map(Map.Entry::getValue)
                .sorted(Comparator.comparing(job -> job.definition().id()))
                .toList());
    }

    @Override
    public synchronized Job find(WorkloadId workload, String job) {
        Job known = jobs.get(new Key(workload, job));
        if (known == null) {
            throw new SpyhopException(ErrorCode.JOB_UNKNOWN, "the workload has no such job");
        }
        return known;
    }

    @Override
    public synchronized Job create(WorkloadId workload, String org, JobDefinition definition) {
        if (jobs.containsKey(new Key(workload, definition.id()))) {
            throw new SpyhopException(ErrorCode.STATE_CONFLICT, "there is a job of that id");
        }
        return store(workload, definition);
    }

    @Override
    public synchronized Job put(
            WorkloadId workload, String job, String org, @Nullable Integer revision, JobDefinition definition) {
        Function<JobDefinition, JobDefinition> first = interference;
        interference = null;
        if (first != null) {
            store(workload, first.apply(find(workload, job).definition()));
        }
        Job known = jobs.get(new Key(workload, job));
        if (revision != null && (known == null || known.revision() != revision)) {
            throw new SpyhopException(ErrorCode.STATE_CONFLICT, "the job is of another revision");
        }
        return store(workload, definition);
    }

    private Job store(WorkloadId workload, JobDefinition definition) {
        Key key = new Key(workload, definition.id());
        Job known = jobs.get(key);
        Job job = new Job(
                definition,
                workload,
                Job.BY_API,
                known == null ? 1 : known.revision() + 1,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                0,
                false,
                null);
        jobs.put(key, job);
        return job;
    }

    @Override
    public synchronized void delete(WorkloadId workload, String job) {
        find(workload, job);
        jobs.remove(new Key(workload, job));
    }

    @Override
    public synchronized Run run(WorkloadId workload, String job, RunRequest request) {
        requests.add(request);
        return add(workload, find(workload, job), Instant.now(), RunStatus.QUEUED, request);
    }

    @Override
    public synchronized RunPage runs(RunQuery query) {
        queries.add(query);
        List<Run> all = runs.values().stream()
                .map(RunDetails::run)
                .filter(run -> run.workload().equals(query.workload()))
                .filter(run -> query.jobId() == null || query.jobId().equals(run.jobId()))
                .filter(run -> query.status() == null || query.status() == run.status())
                .filter(run -> query.cursor() == null || run.id().value().compareTo(query.cursor()) < 0)
                .limit(query.limit() + 1L)
                .toList();
        boolean more = all.size() > query.limit();
        List<Run> page = more ? all.subList(0, query.limit()) : all;
        return new RunPage(page, more ? page.getLast().id().value() : null);
    }

    @Override
    public synchronized ExecList execs(ExecQuery query) {
        return new ExecList(runs.values().stream()
                .map(RunDetails::run)
                .filter(run -> run.mode() == JobMode.EXEC)
                .filter(run -> query.orgs().isEmpty() || query.orgs().contains(run.org()))
                .filter(run -> query.workloads().isEmpty() || query.workloads().contains(run.workload()))
                .filter(run -> run.queuedAt().isBefore(query.to()))
                .map(Run::id)
                .limit(query.limit())
                .toList());
    }

    @Override
    public synchronized RunDetails findRun(WorkloadId workload, String job, RunId run) {
        if (away) {
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "jobs-service is away");
        }
        RunDetails known = runs.get(run);
        if (known == null
                || !known.run().workload().equals(workload)
                || !known.run().jobId().equals(job)) {
            throw new SpyhopException(ErrorCode.RUN_UNKNOWN, "the job has no such run");
        }
        return known;
    }

    @Override
    public synchronized Run cancel(WorkloadId workload, String job, RunId run) {
        return findRun(workload, job, run).run();
    }
}
