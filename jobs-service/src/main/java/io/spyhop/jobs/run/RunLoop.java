package io.spyhop.jobs.run;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunStatus;
import io.spyhop.jobs.JobsShare;
import io.spyhop.jobs.signal.Signal;
import io.spyhop.jobs.signal.Signals;
import io.spyhop.signals.CommitSignals;
import io.spyhop.signals.Rounds;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares the open runs of the workloads that this replica owns with the attempts that go on here, and acts on the difference:
 * begins what is due, goes on with what was left, ends what was cancelled or takes too long, and lets go of what is another's.
 * Woken by triggers and by ends. A restart is nothing else. Thread-safe.
 */
@ApplicationScoped
public class RunLoop {
    private final JobsShare share;
    private final RunStore store;
    private final Signals signals;
    private final RunMetrics metrics;
    private final Map<JobMode, Execution> executions = new EnumMap<>(JobMode.class);
    private final Clock clock = Clock.systemUTC();
    private final Rounds comparing = new Rounds("runs", this::compare);
    private final Map<RunId, Running> running = new ConcurrentHashMap<>();

    /** Until when runs rest whose engine, or the database, was away. */
    private final Map<RunId, Rest> resting = new ConcurrentHashMap<>();

    private boolean ready;

    private record Rest(Instant until, boolean forEngine) {}

    @Inject
    RunLoop(JobsShare share, RunStore store, Signals signals, RunMetrics metrics, @Any Instance<Execution> executions) {
        this.share = share;
        this.store = store;
        this.signals = signals;
        this.metrics = metrics;
        executions.forEach(each -> this.executions.put(each.mode(), each));
    }

    void start(@Observes StartupEvent event) {
        metrics.running(running::size);
        store.onStart(comparing::wake);
        signals.on(Signal.RUN, comparing::wake);
        signals.on(Signal.SHARE, comparing::wake);
        share.onShare(() -> signals.give(Signal.SHARE));
        comparing.start();
    }

    /** Nothing is stopped but the waiting: what runs goes on, and is found again. */
    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) ShutdownEvent event)
            throws InterruptedException {
        comparing.stop();
        List<Running> left = List.copyOf(running.values());
        left.forEach(Running::interrupt);
        for (Running each : left) {
            each.join();
        }
    }

    /** Something was asked for, or done. */
    public void wake() {
        comparing.wake();
    }

    private Duration compare() throws SQLException {
        boolean knows = share.ready();
        Set<Integer> mine = share.partitions();
        if (knows && !ready) {
            signals.give(Signal.SHARE);
        }
        ready = knows;
        List<DueRun> open = mine.isEmpty() ? List.of() : store.open(mine, RunLimits.OPEN_MAX);
        Map<RunId, DueRun> byId = HashMap.newHashMap(open.size());
        open.forEach(each -> byId.put(each.id(), each));
        if (open.size() < RunLimits.OPEN_MAX) {
            running.forEach((id, each) -> {
                if (!byId.containsKey(id)) {
                    each.interrupt();
                }
            });
            resting.keySet().retainAll(byId.keySet());
        }
        Instant now = clock.instant();
        Instant next = now.plus(knows ? CommitSignals.LOOK_EACH : RunLimits.SHARE_SOON);
        for (DueRun each : open) {
            Instant due = look(each, now);
            next = due != null && due.isBefore(next) ? due : next;
        }
        return Duration.between(now, next);
    }

    /** When there is something to do about a run; null where somebody says so. */
    private @Nullable Instant look(DueRun due, Instant now) {
        Running here = running.get(due.id());
        if (here != null) {
            return here.attempt() == due.attempt() ? watch(here, due, now) : null;
        }
        Rest rest = resting.get(due.id());
        Instant at = due.status() == RunStatus.QUEUED ? due.dueAt() : Instant.MIN;
        Instant from = rest == null || rest.until().isBefore(at) ? at : rest.until();
        if (from.isAfter(now)) {
            return from;
        }
        Execution execution = executions.get(due.mode());
        if (execution != null && running.size() < RunLimits.RUNNING_MAX) {
            begin(due, execution, rest != null && rest.forEngine());
        }
        return null;
    }

    private @Nullable Instant watch(Running here, DueRun due, Instant now) {
        if (due.status() != RunStatus.RUNNING) {
            return null;
        }
        Instant deadline = due.deadline();
        boolean late = deadline != null && !deadline.isAfter(now);
        if (due.cancelRequestedAt() != null || due.stopSignalledAt() != null || late) {
            here.end(due, store, clock);
            return null;
        }
        return deadline;
    }

    private void begin(DueRun due, Execution execution, boolean waited) {
        int attempt = due.status() == RunStatus.QUEUED ? due.attempt() + 1 : due.attempt();
        RunAttempt work = new RunAttempt(due, execution, store, metrics, clock);
        Running here = new Running(attempt, execution);
        running.put(due.id(), here);
        here.start("run-" + due.id(), () -> {
            try {
                rest(due.id(), work.run(waited));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                running.remove(due.id());
                here.over();
                comparing.wake();
            }
        });
    }

    private void rest(RunId run, RunAttempt.Result result) {
        if (result == RunAttempt.Result.DONE) {
            resting.remove(run);
        } else {
            resting.put(run, new Rest(clock.instant().plus(RunLimits.RETRY), result == RunAttempt.Result.WAITS));
        }
    }
}
