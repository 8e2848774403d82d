package io.spyhop.jobs.definition;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.Job;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.job.JobsApi;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.jobs.schedule.Schedule;
import io.spyhop.jobs.schedule.ScheduleException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the jobs that requests make, after a look at what is wrong with them. Thread-safe. */
@ApplicationScoped
class Definitions {
    private final JobStore store;
    private final Clock clock = Clock.systemUTC();

    @Inject
    Definitions(JobStore store) {
        this.store = store;
    }

    List<Job> list(WorkloadId workload) throws SQLException {
        return store.list(workload, clock.instant());
    }

    /**
     * One job.
     *
     * @throws SpyhopException {@code JOB_UNKNOWN}
     */
    Job find(WorkloadId workload, String id) throws SQLException {
        if (!DefinitionRules.isId(id)) {
            throw unknown();
        }
        return store.find(workload, id, clock.instant()).orElseThrow(Definitions::unknown);
    }

    Job create(WorkloadId workload, String org, JobDefinition definition) throws SQLException {
        DefinitionRules.faults(definition).check();
        JobOutcome outcome = store.create(change(workload, org, Job.BY_API, definition, clock.instant()));
        return done(workload, definition.id(), outcome);
    }

    Job put(WorkloadId workload, String id, String org, @Nullable Integer revision, JobDefinition definition)
            throws SQLException {
        Faults faults = DefinitionRules.faults(definition);
        faults.addUnless(definition.id().equals(id), "id", "another one than the address has");
        faults.check();
        JobOutcome outcome = store.put(change(workload, org, Job.BY_API, definition, clock.instant()), revision);
        return done(workload, id, outcome);
    }

    void delete(WorkloadId workload, String id) throws SQLException {
        if (!DefinitionRules.isId(id)) {
            throw unknown();
        }
        check(store.delete(workload, id, Job.BY_API));
    }

    /** A change of a job about which nothing is wrong. */
    static JobChange change(WorkloadId workload, String org, String source, JobDefinition definition, Instant at) {
        return new JobChange(workload, org, source, definition, at, nextAt(definition, at));
    }

    private static @Nullable Instant nextAt(JobDefinition job, Instant now) {
        String schedule = job.schedule();
        if (schedule == null || !job.enabled()) {
            return null;
        }
        try {
            return Schedule.of(schedule, Schedule.zone(job.timeZone()))
                    .next(now, now)
                    .orElse(null);
        } catch (ScheduleException e) {
            throw new IllegalArgumentException("a schedule that was not looked at", e);
        }
    }

    private Job done(WorkloadId workload, String id, JobOutcome outcome) throws SQLException {
        check(outcome);
        return find(workload, id);
    }

    private static void check(JobOutcome outcome) {
        switch (outcome) {
            case DONE -> {}
            case UNKNOWN -> throw unknown();
            case EXISTS -> throw conflict("there is a job of that id");
            case FOREIGN -> throw conflict("labels of the workload's container define this job: change them there");
            case OTHER_REVISION -> throw conflict("the job was changed meanwhile: read it again");
            case TOO_MANY ->
                throw conflict("there are " + JobsApi.JOBS_MAX + " jobs, and no more of a workload may be");
        }
    }

    static SpyhopException unknown() {
        return new SpyhopException(ErrorCode.JOB_UNKNOWN, "the workload has no job of that id");
    }

    static SpyhopException conflict(String why) {
        return new SpyhopException(ErrorCode.STATE_CONFLICT, why);
    }
}
