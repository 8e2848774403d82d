package io.spyhop.lifecycle.probe;

import io.spyhop.contracts.health.HealthSettings;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.HealthDetails;
import io.spyhop.lifecycle.probe.Answer.Way;
import io.spyhop.lifecycle.probe.HealthChange.Kind;
import io.spyhop.lifecycle.probe.Plan.By;
import io.spyhop.lifecycle.probe.ProbeStore.Crossing;
import io.spyhop.lifecycle.probe.ProbeStore.Resumed;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with a target when it is due: how to ask is found out, or it is asked, counted and stored, and a change is
 * told. Engine or database away: it stays as it is, and the next time tries again. Thread-safe.
 */
final class ProbeTurn {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProbeTurn.class);

    private final Asking asking;
    private final Resuming store;
    private final ProbeWriter writer;
    private final KnownSettings settings;
    private final HealthConfig config;
    private final ProbeMetrics metrics;
    private final Clock clock;

    /** Asks a container once. */
    @FunctionalInterface
    interface Asking {
        Optional<Answer> ask(ContainerEngine engine, Question question);
    }

    /** Keeps how a life is asked, and tells what was found out about it before. */
    @FunctionalInterface
    interface Resuming {
        Resumed resume(InstanceState state, Instant life, Plan plan) throws SQLException;
    }

    ProbeTurn(
            Asking asking,
            Resuming store,
            ProbeWriter writer,
            KnownSettings settings,
            HealthConfig config,
            ProbeMetrics metrics,
            Clock clock) {
        this.asking = asking;
        this.store = store;
        this.writer = writer;
        this.settings = settings;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
    }

    void run(Target target) throws InterruptedException {
        if (target.closed()) {
            return;
        }
        try {
            Plan plan = target.plan();
            if (plan == null) {
                plan(target);
            } else if (plan.by() == By.ENGINE) {
                read(target);
            } else if (plan.by() == By.PROBE && plan.port() != null) {
                probe(target, plan, plan.port());
            }
        } catch (EngineException e) {
            LOGGER.atDebug()
                    .addKeyValue("instance", target.state().containerId())
                    .setCause(e)
                    .log("A container cannot be asked for its health.");
        } catch (SQLException e) {
            LOGGER.atDebug().setCause(e).log("Probes wait for the database.");
        } catch (RuntimeException e) {
            LOGGER.atError()
                    .addKeyValue("instance", target.state().containerId())
                    .setCause(e)
                    .log("Asking a container for its health failed.");
        }
    }

    private void plan(Target target) throws SQLException, InterruptedException {
        InstanceState state = target.state();
        Optional<HealthSettings> api = settings.of(state.workload().id());
        Optional<HealthDetails> details = target.details();
        if (api.isEmpty() || details.isEmpty()) {
            return;
        }
        Plan plan = Plan.of(
                state,
                api.get(),
                details.get(),
                config,
                label -> LOGGER.atWarn()
                        .addKeyValue("instance", state.containerId())
                        .addKeyValue("reason", label)
                        .log("A container's label cannot be read, and counts for nothing."));
        boolean unhealthy = state.status() == InstanceStatus.UNHEALTHY;
        if (plan.plain() && target.row() == 0 && !unhealthy) {
            // Most containers: nothing is to be kept of them.
            planned(target, plan, 0, target.judge(), api);
            return;
        }
        Resumed resumed = store.resume(state, target.life(), plan);
        Judge judge = judge(target, plan, resumed.failures(), unhealthy);
        planned(target, plan, resumed.row(), judge, api);
        Crossing crossing = resumed.crossing();
        if (plan.by() == By.PROBE && crossing != null) {
            judge.untold(plan.threshold(), crossing.at(), crossing.reason()).ifPresent(change -> tell(target, change));
        }
        if (plan.by() == By.NONE && unhealthy) {
            tell(target, new HealthChange(target.life(), Kind.UNASKED, now(), null, null));
        }
    }

    /** Settings that changed meanwhile were told to a target that had no plan yet to forget. */
    private void planned(Target target, Plan plan, int row, Judge judge, Optional<HealthSettings> api) {
        target.planned(plan, row, judge, clock.millis());
        if (!settings.of(target.state().workload().id()).equals(api)) {
            target.planAgain();
        }
    }

    /** Counts on in this process, or from what is stored; not at all where nobody asks, so that it begins anew. */
    private static Judge judge(Target target, Plan plan, int failures, boolean unhealthy) {
        if (plan.by() == By.NONE) {
            return new Judge(target.life(), 0, false);
        }
        return target.row() == 0 ? new Judge(target.life(), failures, unhealthy) : target.judge();
    }

    private void probe(Target target, Plan plan, int port) throws SQLException {
        InstanceState state = target.state();
        Instant at = now();
        Optional<Answer> said = asking.ask(
                target.engine(),
                new Question(
                        state.containerId(),
                        state.pid(),
                        plan.addresses(),
                        port,
                        plan.path(),
                        plan.timeout(),
                        target.execFirst()));
        // A life that ended meanwhile did not fail to answer.
        if (target.closed()) {
            return;
        }
        if (target.reached(said.isPresent())) {
            store.resume(
                    state,
                    target.life(),
                    said.isPresent() ? plan : plan.without("there is no way to its port from here"));
        }
        if (said.isEmpty()) {
            return;
        }
        Answer answer = said.get();
        target.execFirst(answer.way() == Way.EXEC);
        metrics.asked(answer);
        Optional<HealthChange> change = target.judge().probed(at, answer.reason(), plan.threshold());
        keep(target, at, answer, change.orElse(null));
    }

    /** Takes over what the engine found out since. */
    private void read(Target target) throws InterruptedException {
        target.reading();
        HealthDetails.Check check = target.details().map(HealthDetails::check).orElse(null);
        if (check == null || target.closed()) {
            return;
        }
        int newer = 0;
        for (HealthDetails.Result result : check.results()) {
            newer += result.at().isAfter(target.readUpTo()) ? 1 : 0;
        }
        String failure = null;
        Instant at = now();
        for (HealthDetails.Result result : check.results()) {
            failure = result.exitCode() == 0 ? null : "exit code " + result.exitCode();
            at = result.at().truncatedTo(ChronoUnit.MICROS);
            if (result.at().isAfter(target.readUpTo())) {
                newer--;
                Answer answer = new Answer(Way.ENGINE, result.took(), failure);
                metrics.asked(answer);
                int failures = failure == null ? 0 : Math.max(1, check.failures() - newer);
                var _ = writer.add(new StoredProbe(target.row(), at, answer, failures), null);
                target.readUpTo(result.at());
            }
        }
        target.judge().found(check, at, failure).ifPresent(change -> keepChange(target, change));
    }

    private void keep(Target target, Instant at, Answer answer, @Nullable HealthChange change) {
        CompletableFuture<Void> stored = writer.add(
                new StoredProbe(target.row(), at, answer, target.judge().failures()), change);
        if (change != null) {
            tellWhenStored(target, stored, change);
        }
    }

    private void keepChange(Target target, HealthChange change) {
        tellWhenStored(target, writer.add(target.row(), change), change);
    }

    /** Stored first: whoever takes over before it is told tells it then. */
    private void tellWhenStored(Target target, CompletableFuture<Void> stored, HealthChange change) {
        CompletableFuture<Void> _ = stored.completeOnTimeout(
                        null, ProbeLimits.STORED_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((nothing, e) -> tell(target, change));
    }

    private static void tell(Target target, HealthChange change) {
        if (!target.closed()) {
            target.listener().changed(target.state().containerId(), change);
        }
    }

    /** As exact as it is stored. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
