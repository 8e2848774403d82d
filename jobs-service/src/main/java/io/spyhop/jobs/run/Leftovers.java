package io.spyhop.jobs.run;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.job.RunId;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.EngineException;
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
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the containers of runs that are over, each once its output is stored; one that never started has none. Now and then it
 * looks for what should not be there: containers that this installation made of runs that are over. Thread-safe.
 */
@ApplicationScoped
class Leftovers {
    private static final Logger LOGGER = LoggerFactory.getLogger(Leftovers.class);

    private final JobsShare share;
    private final JobsConnections connections;
    private final CapturedStore store;
    private final Installation installation;
    private final Signals signals;
    private final Clock clock = Clock.systemUTC();
    private final Rounds removing = new Rounds("run-leftovers", this::remove);
    private final Rounds sweeping = new Rounds("run-sweep", this::sweep);

    @Inject
    Leftovers(
            JobsShare share,
            JobsConnections connections,
            CapturedStore store,
            Installation installation,
            Signals signals) {
        this.share = share;
        this.connections = connections;
        this.store = store;
        this.installation = installation;
        this.signals = signals;
    }

    void start(@Observes StartupEvent event) {
        signals.on(Signal.CAPTURED, removing::wake);
        signals.on(Signal.CHANGE, removing::wake);
        signals.on(Signal.SHARE, removing::wake);
        removing.start();
        sweeping.start();
    }

    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) ShutdownEvent event)
            throws InterruptedException {
        sweeping.stop();
        removing.stop();
    }

    private Duration remove() throws SQLException {
        Set<Integer> mine = share.partitions();
        List<CapturedStore.Left> left = mine.isEmpty() ? List.of() : store.left(mine, RunLimits.BATCH);
        for (CapturedStore.Left each : left) {
            try {
                if (removeAll(each)) {
                    store.removed(each.id());
                }
            } catch (EngineException e) {
                LOGGER.atDebug()
                        .addKeyValue("run", each.id())
                        .setCause(e)
                        .log("A container of a run cannot be removed now.");
            }
        }
        return CommitSignals.LOOK_EACH;
    }

    /** Whether none is there any more. A template may have come from another host meanwhile, so all are asked. */
    private boolean removeAll(CapturedStore.Left run) throws SQLException {
        boolean gone = true;
        for (int attempt = 1; attempt <= run.attempts(); attempt++) {
            for (String host : connections.hosts()) {
                gone &= remove(run.id(), attempt, connections.engine(host));
            }
        }
        return gone;
    }

    private boolean remove(RunId run, int attempt, ContainerEngine engine) throws SQLException {
        ContainerDetails there =
                engine.inspect(RunContainers.name(run, attempt)).orElse(null);
        if (there == null || !RunContainers.isOf(run, installation.id(), there)) {
            return true;
        }
        if (there.alive() || (there.startedAt() != null && !store.contains(there.id()))) {
            return false;
        }
        engine.control().remove(there.id());
        return true;
    }

    private Duration sweep() throws SQLException {
        while (store.forget(clock.instant(), RunLimits.CAPTURED_KEPT, RunLimits.BATCH)) {
            LOGGER.atDebug().log("There is more to forget of what was captured.");
        }
        for (String host : connections.hosts()) {
            try {
                List<RunId> found = found(connections.engine(host));
                if (!found.isEmpty()) {
                    store.leftBehind(found);
                }
            } catch (EngineException e) {
                LOGGER.atDebug().addKeyValue("host", host).setCause(e).log("An engine cannot be swept now.");
            }
        }
        removing.wake();
        return RunLimits.SWEEP_EVERY;
    }

    private List<RunId> found(ContainerEngine engine) throws SQLException {
        List<RunId> runs = new ArrayList<>();
        for (String id : engine.control().labelled(RunContainers.MARK, installation.id())) {
            engine.inspect(id)
                    .map(container -> container.labels().getOrDefault(RunContainers.RUN, ""))
                    .filter(RunId::isValid)
                    .ifPresent(run -> runs.add(new RunId(run)));
        }
        return runs;
    }
}
