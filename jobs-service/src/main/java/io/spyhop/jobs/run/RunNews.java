package io.spyhop.jobs.run;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.jobs.JobsConnections;
import io.spyhop.jobs.JobsShare;
import io.spyhop.jobs.signal.Signal;
import io.spyhop.jobs.signal.Signals;
import io.spyhop.signals.CommitSignals;
import io.spyhop.signals.Rounds;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Publishes runs of this replica's workloads that have changed, as they are then, and writes down up to which change: what a crash
 * interrupts, or a broker that is away, is published again. A replica that is no longer the owner may publish once more what was;
 * the owner's next is the newer one. Thread-safe.
 */
@ApplicationScoped
class RunNews {
    private final JobsShare share;
    private final JobsConnections connections;
    private final RunStore store;
    private final Signals signals;
    private final Rounds publishing = new Rounds("run-news", this::publish);

    @Inject
    RunNews(JobsShare share, JobsConnections connections, RunStore store, Signals signals) {
        this.share = share;
        this.connections = connections;
        this.store = store;
        this.signals = signals;
    }

    void start(@Observes StartupEvent event) {
        signals.on(Signal.RUN, publishing::wake);
        signals.on(Signal.CHANGE, publishing::wake);
        signals.on(Signal.SHARE, publishing::wake);
        publishing.start();
    }

    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) ShutdownEvent event)
            throws InterruptedException {
        publishing.stop();
    }

    private Duration publish() throws Exception {
        Set<Integer> mine = share.partitions();
        List<RunStore.Changed> changed = mine.isEmpty() ? List.of() : store.unpublished(mine, RunLimits.BATCH);
        while (!changed.isEmpty()) {
            CompletableFuture<?>[] sent = changed.stream()
                    .map(each -> connections
                            .publisher()
                            .publishJson(Topics.RUNS, each.run().key(), each.run()))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(sent).get();
            store.published(changed);
            changed = store.unpublished(mine, RunLimits.BATCH);
        }
        return CommitSignals.LOOK_EACH;
    }
}
