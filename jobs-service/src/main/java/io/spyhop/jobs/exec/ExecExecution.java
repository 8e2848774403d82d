package io.spyhop.jobs.exec;

import io.spyhop.contracts.job.JobCommand;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.contracts.log.GapSpan;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.engine.ContainerExecs;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EngineRefusedException;
import io.spyhop.engine.ExecReach;
import io.spyhop.engine.ExecSignal;
import io.spyhop.engine.ExecSpec;
import io.spyhop.engine.ExecState;
import io.spyhop.engine.ExecStream;
import io.spyhop.jobs.JobsConnections;
import io.spyhop.jobs.JobsShare;
import io.spyhop.jobs.run.AttemptEnd;
import io.spyhop.jobs.run.Execution;
import io.spyhop.jobs.run.MadeOf;
import io.spyhop.jobs.run.OpenRun;
import io.spyhop.jobs.run.RunStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a job's command inside the running instance of the lowest index.
 *
 * <p>Phases of an attempt: the engine knows the command, which is written down; it is started, which is written down before; its output is
 * read to the end; the engine tells the exit code. Whoever goes on with an attempt whose command was started by somebody else cannot read
 * its output any more: it waits for the end, and tells a gap. Where the engine knows the command no more, its container is gone, or it
 * ended minutes ago, and the run is lost. Thread-safe.
 */
@ApplicationScoped
public class ExecExecution implements Execution {
    private static final Logger LOGGER = LoggerFactory.getLogger(ExecExecution.class);

    /** By convention of engines and shells: it may not be run, or is not there. */
    private static final int NOT_RUNNABLE = 126;

    private static final int NOT_FOUND = 127;

    /** A variable of the command's environment, and so of all its processes: by it they are known, and the command knows its run. */
    private static final String MARK = "SPYHOP_RUN_ATTEMPT";

    private final JobsConnections connections;
    private final JobsShare share;
    private final RunStore store;

    @Inject
    ExecExecution(JobsConnections connections, JobsShare share, RunStore store) {
        this.connections = connections;
        this.share = share;
        this.store = store;
    }

    /** Where a command is. */
    private record Command(ContainerExecs execs, String id) {}

    @Override
    public JobMode mode() {
        return JobMode.EXEC;
    }

    @Override
    public AttemptEnd attempt(OpenRun run) throws InterruptedException, SQLException {
        Optional<Command> known = command(run);
        if (known.isEmpty()) {
            return begin(run);
        }
        Optional<ExecState> state = known.get().execs().inspect(known.get().id());
        if (state.isEmpty() && run.startedAt() == null) {
            return begin(run);
        }
        return state.isPresent() && !state.get().started()
                ? start(run, known.get())
                : follow(run, known.get(), run.startedAt());
    }

    @Override
    public void stop(OpenRun run, boolean kill) {
        if (reach(run, kill ? ExecSignal.KILL : ExecSignal.TERM) == ExecReach.NO_WAY) {
            throw new EngineRefusedException(
                    "the command's processes cannot be seen from here, and its container has no shell that could end them");
        }
    }

    @Override
    public boolean canStop(OpenRun run) {
        return reach(run, ExecSignal.NONE) != ExecReach.NO_WAY;
    }

    private ExecReach reach(OpenRun run, ExecSignal signal) {
        String host = run.host();
        String container = run.containerId();
        return host == null || container == null
                ? ExecReach.NOTHING
                : execs(host).signal(container, MARK + "=" + name(run), signal);
    }

    private Optional<Command> command(OpenRun run) {
        String host = run.host();
        String execId = run.execId();
        return host == null || execId == null ? Optional.empty() : Optional.of(new Command(execs(host), execId));
    }

    private ContainerExecs execs(String host) {
        try {
            return connections.engine(host).execs();
        } catch (IllegalArgumentException e) {
            throw new EngineRefusedException("the host " + host + " is not configured any more");
        }
    }

    private AttemptEnd begin(OpenRun run) throws InterruptedException, SQLException {
        InstanceState instance = share.instances(run.workload()).stream()
                .filter(each -> each.status().answers())
                .findFirst()
                .orElse(null);
        if (instance == null) {
            return AttemptEnd.refused(null, Instant.now(), "no instance of the service is running");
        }
        Map<String, String> env = new HashMap<>(run.definition().env());
        env.putAll(run.parameters());
        MadeOf made = new MadeOf(
                instance.host(),
                instance.containerId(),
                instance.image(),
                null,
                new TreeSet<>(env.keySet()).stream().toList());
        env.put(MARK, name(run));
        ContainerExecs execs = execs(instance.host());
        String id;
        try {
            id = execs.create(
                    instance.containerId(),
                    new ExecSpec(
                            run.definition().command().argv(),
                            env,
                            run.definition().workingDirectory()));
        } catch (ContainerGoneException e) {
            return AttemptEnd.refused(null, Instant.now(), "the instance of the service does not run any more");
        }
        // The exec before its place: what is half written down is begun anew, and what was never started leaves nothing
        // behind.
        Execution.goOnIf(store.execMade(run, id, null) && store.made(run, made));
        return start(run, new Command(execs, id));
    }

    private AttemptEnd start(OpenRun run, Command command) throws InterruptedException, SQLException {
        Instant startedAt = Instant.now();
        Execution.goOnIf(store.started(run, startedAt));
        ExecStream stream;
        try {
            stream = command.execs().start(command.id());
        } catch (ContainerGoneException e) {
            return AttemptEnd.refused(
                    null, Instant.now(), "the instance of the service ended before the command was started");
        } catch (EngineRefusedException e) {
            if (command.execs().inspect(command.id()).filter(ExecState::started).isEmpty()) {
                throw e;
            }
            // Somebody else was quicker.
            return follow(run, command, startedAt);
        }
        ExecOutput output = new ExecOutput(connections.publisher(), run.id().workload(), source(command));
        boolean whole = false;
        try (stream) {
            stream.read(output);
            whole = true;
        } catch (EngineException e) {
            LOGGER.atDebug().addKeyValue("run", run.id()).setCause(e).log("A command's output cannot be read on.");
        }
        output.finish();
        return whole ? awaitEnd(run, command, startedAt) : follow(run, command, startedAt);
    }

    /** Waits for the end of a command whose output nobody reads. */
    private AttemptEnd follow(OpenRun run, Command command, @Nullable Instant startedAt)
            throws InterruptedException, SQLException {
        AttemptEnd end = awaitEnd(run, command, startedAt);
        if (Objects.equals(end.exitCode(), NOT_RUNNABLE)) {
            // What an engine says too where the command wrote something and nobody read it: it goes on, and its end is
            // not told.
            OpenRun now = run.containerId() == null
                    ? store.resume(run.id(), run.attempt()).orElse(run)
                    : run;
            while (reach(now, ExecSignal.NONE) == ExecReach.REACHED) {
                Thread.sleep(ExecLimits.LOOK_EACH);
            }
            end = AttemptEnd.lost(
                    startedAt,
                    Instant.now(),
                    "Spyhop was away while it ran, and the engine does not tell how it ended");
        }
        tellGap(run, command, startedAt == null ? end.endedAt() : startedAt, end.endedAt());
        return end;
    }

    private void tellGap(OpenRun run, Command command, Instant from, Instant to) throws InterruptedException {
        // A source of its own, with one line: told again it is a repeat.
        ExecOutput gap = new ExecOutput(connections.publisher(), run.id().workload(), source(command) + "/gap");
        GapSpan span = GapSpan.of(from, to);
        gap.system(
                ChronoUnit.NANOS.between(Instant.EPOCH, to),
                span.text("possible: Spyhop was away, and the engine keeps no output of a command"),
                Map.of("from", span.from(), "to", span.to(), "reason", "away"));
        gap.finish();
    }

    private static AttemptEnd awaitEnd(OpenRun run, Command command, @Nullable Instant startedAt)
            throws InterruptedException {
        for (int tries = 0; true; tries++) {
            Optional<ExecState> state = command.execs().inspect(command.id());
            if (state.isEmpty()) {
                return AttemptEnd.lost(
                        startedAt,
                        Instant.now(),
                        "the engine does not know the command any more; its container may be gone");
            }
            Integer exitCode = state.get().exitCode();
            if (exitCode != null) {
                return exitCode == NOT_RUNNABLE || exitCode == NOT_FOUND
                        ? AttemptEnd.refused(exitCode, Instant.now(), notRunnable(run))
                        : AttemptEnd.exited(exitCode, null, startedAt, Instant.now());
            }
            Thread.sleep(
                    tries < ExecLimits.INSPECT_AT_END_TRIES ? ExecLimits.INSPECT_AT_END_EACH : ExecLimits.LOOK_EACH);
        }
    }

    private static String notRunnable(OpenRun run) {
        JobCommand command = run.definition().command();
        return command.line() == null
                ? "the service's container has no program "
                        + command.arguments().getFirst() + ", or may not run it"
                : "the service's container has no shell (/bin/sh), or a program that the command names was not found"
                        + " or may not be run; the output may tell which";
    }

    private static String source(Command command) {
        return "exec/" + command.id();
    }

    private static String name(OpenRun run) {
        return run.id() + "/" + run.attempt();
    }
}
