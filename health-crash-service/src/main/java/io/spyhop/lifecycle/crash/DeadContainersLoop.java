package io.spyhop.lifecycle.crash;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.lifecycle.signal.Signal;
import io.spyhop.lifecycle.signal.Signals;
import io.spyhop.signals.Rounds;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * Looks for dead containers when one has died, when something became known of one that waits, and when the patience with one is
 * over. A failure is mended by the next look.
 */
@ApplicationScoped
class DeadContainersLoop {
    private final CrashReader reader;
    private final CrashConfig config;
    private final Instance<ManagedContainers> managed;
    private final Signals signals;
    private final Rounds rounds = new Rounds("dead-containers", this::look);
    private volatile boolean waiting;

    @Inject
    DeadContainersLoop(CrashReader reader, CrashConfig config, Instance<ManagedContainers> managed, Signals signals) {
        this.reader = reader;
        this.config = config;
        this.managed = managed;
        this.signals = signals;
    }

    void start(@Observes StartupEvent event) {
        if (config.keepCrashedContainers() || !managed.isResolvable()) {
            return;
        }
        signals.on(Signal.DEATH, rounds::wake);
        signals.on(Signal.HOSTS, rounds::wake);
        signals.on(Signal.FORENSICS, () -> {
            if (waiting) {
                rounds.wake();
            }
        });
        rounds.start();
    }

    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) ShutdownEvent event)
            throws InterruptedException {
        rounds.stop();
    }

    private Duration look() throws SQLException {
        // What becomes known during this look is looked at again.
        waiting = true;
        Instant now = Instant.now();
        Instant slow = now.plus(Signals.LOOK_EACH);
        Instant next = new DeadContainers(managed.get(), reader::complete)
                .remove(reader.deadManaged(), now)
                .orElse(null);
        waiting = next != null;
        return Duration.between(now, next != null && next.isBefore(slow) ? next : slow);
    }
}
