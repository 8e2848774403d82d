package io.spyhop.jobs.run;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.JobCommand;
import io.spyhop.contracts.job.JobMode;
import io.spyhop.engine.CloneChanges;
import io.spyhop.engine.ContainerClone;
import io.spyhop.engine.ContainerControl;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EngineRefusedException;
import io.spyhop.engine.ImageDetails;
import io.spyhop.engine.StopTimeout;
import io.spyhop.jobs.JobsConnections;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command in a container of its own that is made like the service's. The container's name says which attempt it is, so that
 * after a kill at any step it is found again; one that was never started is made anew, one that was is never started a second time.
 * Thread-safe.
 */
@ApplicationScoped
class ContainerExecution implements Execution {
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;

    /** What an engine says of a container whose end it did not see. */
    private static final int UNSEEN = 255;

    private static final List<String> SHELL = List.of("/bin/sh", "-c");

    private final Function<String, ContainerEngine> engines;
    private final TemplateSource templates;
    private final RunStore store;
    private final Installation installation;
    private final Clock clock = Clock.systemUTC();
    private final Semaphore creations = new Semaphore(RunLimits.CREATIONS_MAX, true);

    /** Containers whose engine was away while they ran. */
    private final Set<String> unwatched = ConcurrentHashMap.newKeySet();

    @Inject
    ContainerExecution(JobsConnections connections, Templates templates, RunStore store, Installation installation) {
        this(connections::engine, templates, store, installation);
    }

    /** On engines by the names of their hosts. */
    ContainerExecution(
            Function<String, ContainerEngine> engines,
            TemplateSource templates,
            RunStore store,
            Installation installation) {
        this.engines = engines;
        this.templates = templates;
        this.store = store;
        this.installation = installation;
    }

    @Override
    public JobMode mode() {
        return JobMode.RUN;
    }

    @Override
    public void prepare(WorkloadId workload) throws SQLException {
        Optional<HostTemplate> template = templates.of(workload);
        if (template.isPresent()) {
            var _ = engine(template.get().host()).version();
        }
    }

    @Override
    public AttemptEnd attempt(OpenRun run) throws InterruptedException, SQLException {
        String host = run.host();
        String container = run.containerId();
        if (host != null && container != null && !mayStillStart(run, host, container)) {
            return resumed(run, host, container);
        }
        HostTemplate template = templates
                .of(run.workload())
                .orElseThrow(() -> new EngineRefusedException("no container of the workload was ever seen"));
        // May take as long as it takes to fetch it, which keeps nobody else waiting.
        String imageId = imageId(run, template, engine(template.host()).control());
        String id;
        boolean found;
        creations.acquire();
        try {
            if (cancelled(run)) {
                return AttemptEnd.refused(null, clock.instant(), "cancelled before it was started");
            }
            ContainerDetails former = former(run, template);
            found = former != null;
            id = former == null ? create(run, template, imageId) : former.id();
            AttemptEnd refused = found ? null : start(run, template.host(), id);
            if (refused != null) {
                return refused;
            }
        } finally {
            creations.release();
        }
        return found ? resumed(run, template.host(), id) : end(run, template.host(), id);
    }

    private boolean cancelled(OpenRun run) throws SQLException {
        return store.resume(run.id(), run.attempt())
                .filter(now -> now.cancelRequestedAt() == null)
                .isEmpty();
    }

    /** Whether its start was not asked for, or came to nothing. */
    private boolean mayStillStart(OpenRun run, String host, String container) {
        return run.startedAt() == null
                && engine(host)
                        .inspect(container)
                        .filter(details -> details.startedAt() == null)
                        .isPresent();
    }

    /** The container of the attempt that was made before, if it was started; one that was not is removed. */
    private @Nullable ContainerDetails former(OpenRun run, HostTemplate template)
            throws InterruptedException, SQLException {
        String name = RunContainers.name(run.id(), run.attempt());
        ContainerEngine engine = engine(template.host());
        ContainerDetails there = engine.inspect(name).orElse(null);
        if (there == null) {
            return null;
        }
        if (!RunContainers.isOf(run.id(), installation.id(), there)) {
            throw new EngineRefusedException("there is a container " + name + " that is not this run's");
        }
        if (there.startedAt() == null) {
            // It may lack a network.
            engine.control().remove(there.id());
            return null;
        }
        List<String> keys = there.setup().envKeys();
        Execution.goOnIf(store.made(
                run,
                new MadeOf(
                        template.host(),
                        there.id(),
                        image(run, template),
                        there.setup().imageDigest(),
                        keys)));
        return there;
    }

    private String create(OpenRun run, HostTemplate template, String imageId)
            throws InterruptedException, SQLException {
        ContainerControl control = engine(template.host()).control();
        JobCommand command = run.definition().command();
        String line = command.line();
        Map<String, String> env = new HashMap<>(run.definition().env());
        env.putAll(run.parameters());
        CloneChanges changes = new CloneChanges(
                RunContainers.name(run.id(), run.attempt()),
                imageId,
                !imageId.equals(template.container().imageId()),
                line == null ? null : SHELL,
                line == null ? command.arguments() : List.of(line),
                env,
                run.definition().workingDirectory(),
                RunContainers.labels(run, installation.id()));
        ContainerClone clone = createdLike(control, template, changes);
        Execution.goOnIf(store.made(
                run, new MadeOf(template.host(), clone.id(), image(run, template), imageId, clone.envKeys())));
        return clone.id();
    }

    private static ContainerClone createdLike(ContainerControl control, HostTemplate template, CloneChanges changes) {
        try {
            return control.createLike(template.container(), changes);
        } catch (EngineRefusedException e) {
            String image = changes.imageId();
            throw control.image(image).isPresent()
                    ? e
                    : new EngineRefusedException("the engine does not have the image " + image
                            + " any more, and no other one will do for this run");
        }
    }

    private static String image(OpenRun run, HostTemplate template) {
        String pinned = run.image();
        String other = run.definition().image();
        return pinned != null
                ? pinned
                : other != null ? other : template.container().image();
    }

    /** That of the run which is repeated, or of its first attempt; else the job's own; else the service's. */
    private static String imageId(OpenRun run, HostTemplate template, ContainerControl control)
            throws InterruptedException {
        String pinned = run.imageDigest();
        String other = run.definition().image();
        if (pinned != null) {
            return pinned;
        }
        if (other == null) {
            return template.container().imageId();
        }
        Optional<ImageDetails> image = control.image(other);
        if (image.isEmpty()) {
            pull(control, other);
            image = control.image(other);
        }
        return image.orElseThrow(() -> new EngineRefusedException("the engine has no image " + other))
                .id();
    }

    /** A registry that cannot be reached is no reason to wait: the image is not there. */
    private static void pull(ContainerControl control, String image) throws InterruptedException {
        try {
            control.pull(image, null, progress -> {});
        } catch (EngineRefusedException e) {
            throw notPulled(image, e);
        } catch (EngineException e) {
            // Throws where it is the engine that is away.
            var _ = control.image(image);
            throw notPulled(image, e);
        }
    }

    private static EngineRefusedException notPulled(String image, EngineException e) {
        return new EngineRefusedException(
                "the engine has no image " + image + ", and it could not be pulled: " + e.getMessage());
    }

    /** Null where it runs. */
    private @Nullable AttemptEnd start(OpenRun run, String host, String container)
            throws InterruptedException, SQLException {
        ContainerEngine engine = engine(host);
        try {
            engine.control().start(container);
        } catch (ContainerGoneException e) {
            return AttemptEnd.lost(null, clock.instant(), "its container was removed before it was started");
        } catch (EngineRefusedException e) {
            Integer code =
                    engine.inspect(container).map(ContainerDetails::exitCode).orElse(null);
            return AttemptEnd.refused(code, clock.instant(), Reasons.notStarted(code, e));
        }
        Execution.goOnIf(store.started(run, clock.instant()));
        return null;
    }

    /** What was started before, by this process or a former one. */
    private AttemptEnd resumed(OpenRun run, String host, String container) throws InterruptedException, SQLException {
        Instant startedAt =
                engine(host).inspect(container).map(ContainerDetails::startedAt).orElse(null);
        if (run.startedAt() == null && startedAt != null) {
            Execution.goOnIf(store.started(run, startedAt));
        }
        return end(run, host, container);
    }

    private AttemptEnd end(OpenRun run, String host, String container) throws InterruptedException {
        ContainerEngine engine = engine(host);
        try {
            Optional<ContainerDetails> details;
            do {
                var _ = engine.control().awaitEnd(container, RunLimits.AWAIT_MAX);
                details = engine.inspect(container);
            } while (details.filter(ContainerExecution::runs).isPresent());
            boolean seen = !unwatched.remove(container);
            return details.map(ended -> end(ended, seen))
                    .orElseGet(() -> AttemptEnd.lost(run.startedAt(), clock.instant(), "its container was removed"));
        } catch (EngineException e) {
            unwatched.add(container);
            throw e;
        }
    }

    private AttemptEnd end(ContainerDetails details, boolean seen) {
        Instant endedAt = details.finishedAt() == null ? clock.instant() : details.finishedAt();
        Integer code = details.exitCode();
        if (code == null) {
            return AttemptEnd.lost(details.startedAt(), endedAt, "the engine does not know how it ended");
        }
        AttemptEnd end = AttemptEnd.exited(code, details.oomKilled(), details.startedAt(), endedAt);
        return code == UNSEEN && !seen
                ? AttemptEnd.lost(details.startedAt(), endedAt, "it ended while its engine was away")
                : end;
    }

    /** One that was just told to start may not say so yet. */
    private static boolean runs(ContainerDetails details) {
        return details.alive() || (details.exitCode() == null && details.finishedAt() == null);
    }

    @Override
    public void stop(OpenRun run, boolean kill) {
        String host = run.host();
        String container = run.containerId();
        if (host == null || container == null) {
            return;
        }
        Integer own = engine(host)
                .inspect(container)
                .map(ContainerDetails::stopSignal)
                .orElse(null);
        engine(host).control().signal(container, kill ? SIGKILL : own == null ? SIGTERM : own);
    }

    @Override
    public Duration grace(OpenRun run) {
        String host = run.host();
        String container = run.containerId();
        return host == null || container == null
                ? RunLimits.STOP_TIMEOUT
                : engine(host)
                        .inspect(container)
                        .flatMap(details -> StopTimeout.of(details.labels()))
                        .orElse(RunLimits.STOP_TIMEOUT);
    }

    private ContainerEngine engine(String host) {
        try {
            return engines.apply(host);
        } catch (IllegalArgumentException e) {
            throw new EngineRefusedException("the host " + host + " is not configured any more");
        }
    }
}
