package io.spyhop.jobs.definition;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.Job;
import io.spyhop.contracts.job.JobDefinition;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.jobs.JobsShare;
import io.spyhop.signals.CommitSignals;
import io.spyhop.signals.Rounds;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what the labels of this replica's workloads say about jobs with the jobs that came from labels, and acts on the
 * difference. The labels of the newest generation count; those of a workload without any container count on. Beside it writes down
 * which workloads were seen. Woken by changes of containers, and by a timer; a failure is mended by the next round.
 */
@ApplicationScoped
class LabelJobs {
    private static final Logger LOGGER = LoggerFactory.getLogger(LabelJobs.class);

    /** Until this replica knows its workloads. */
    private static final Duration SOON = Duration.ofMillis(200);

    private static final Comparator<InstanceState> NEWEST_FIRST =
            Comparator.comparingInt(InstanceState::generation).reversed().thenComparingInt(InstanceState::index);

    private final JobsShare share;
    private final JobStore jobs;
    private final SeenStore seenStore;
    private final Clock clock = Clock.systemUTC();
    private final Rounds rounds = new Rounds("label-jobs", this::compare);

    /** What was done about already; of the round's thread alone. */
    private final Map<WorkloadId, Map<String, String>> labelled = new HashMap<>();

    private final Map<WorkloadId, Boolean> seen = new HashMap<>();
    private Set<Integer> partitions = Set.of();

    @Inject
    LabelJobs(JobsShare share, JobStore jobs, SeenStore seenStore) {
        this.share = share;
        this.jobs = jobs;
        this.seenStore = seenStore;
    }

    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) StartupEvent event) {
        share.onChange(instance -> rounds.wake());
        share.onShare(rounds::wake);
        rounds.start();
    }

    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) ShutdownEvent event)
            throws InterruptedException {
        rounds.stop();
    }

    private Duration compare() throws SQLException {
        if (!share.ready()) {
            return SOON;
        }
        Set<Integer> mine = share.partitions();
        Map<WorkloadId, InstanceState> newest = new HashMap<>();
        Map<WorkloadId, Boolean> running = new HashMap<>();
        for (InstanceState instance : share.instances()) {
            WorkloadId workload = instance.workload().id();
            newest.merge(workload, instance, (one, other) -> NEWEST_FIRST.compare(one, other) <= 0 ? one : other);
            running.merge(workload, instance.status().answers(), Boolean::logicalOr);
        }
        boolean another = !mine.equals(partitions);
        if (another) {
            labelled.clear();
            seen.clear();
            seenStore.running(mine).forEach(workload -> seen.put(workload, true));
        }
        see(running);
        label(newest, another ? jobs.byLabel(mine) : null);
        // Only now: what failed is done again.
        partitions = mine;
        return CommitSignals.LOOK_EACH;
    }

    private void see(Map<WorkloadId, Boolean> running) throws SQLException {
        Map<WorkloadId, Boolean> changed = new HashMap<>();
        running.forEach((workload, now) -> {
            if (!now.equals(seen.get(workload))) {
                changed.put(workload, now);
            }
        });
        seen.forEach((workload, before) -> {
            if (before && !running.containsKey(workload)) {
                changed.put(workload, false);
            }
        });
        if (!changed.isEmpty()) {
            seenStore.put(changed);
            seen.putAll(changed);
        }
    }

    /**
     * Acts where labels are not those that were acted on last.
     *
     * @param stored all jobs that labels define; null where each workload is to be asked for
     */
    private void label(Map<WorkloadId, InstanceState> newest, @Nullable Map<WorkloadId, List<String>> stored)
            throws SQLException {
        for (InstanceState instance : newest.values()) {
            WorkloadId workload = instance.workload().id();
            Map<String, String> labels = JobLabels.among(instance.labels());
            if (!labels.equals(labelled.get(workload))) {
                List<String> there = stored == null ? jobs.byLabel(workload) : stored.getOrDefault(workload, List.of());
                apply(instance, JobLabels.of(labels), there);
                labelled.put(workload, labels);
            }
        }
        labelled.keySet().retainAll(newest.keySet());
    }

    private void apply(InstanceState instance, JobLabels said, List<String> there) throws SQLException {
        WorkloadId workload = instance.workload().id();
        Instant now = clock.instant();
        for (Map.Entry<String, JobDefinition> each : said.jobs().entrySet()) {
            String org = instance.workload().org();
            JobOutcome outcome = jobs.put(Definitions.change(workload, org, Job.BY_LABEL, each.getValue(), now), null);
            if (outcome != JobOutcome.DONE) {
                tell(
                        workload,
                        JobLabels.PREFIX + each.getKey(),
                        outcome == JobOutcome.FOREIGN
                                ? "a job of that name was made by a request, and counts"
                                : "the workload has too many jobs");
            }
        }
        for (String id : there) {
            if (!said.jobs().containsKey(id)) {
                jobs.delete(workload, id, Job.BY_LABEL);
            }
        }
        said.problems().forEach((label, why) -> tell(workload, label, why));
    }

    private static void tell(WorkloadId workload, String label, String why) {
        LOGGER.atWarn()
                .addKeyValue("workload", workload)
                .addKeyValue("job", label)
                .addKeyValue("reason", why)
                .log("A container's label defines no job.");
    }
}
