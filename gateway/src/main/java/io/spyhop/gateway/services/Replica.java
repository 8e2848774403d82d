package io.spyhop.gateway.services;

import io.spyhop.gateway.services.AttemptFailedException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process of a service, and whether calls go to it. Thread-safe. Phases: usable; passed over from a failed call on;
 * probed, one probe at a time, once the time for it has come or nothing else is usable; usable again when the probe is
 * answered, and forgiven when a call is.
 */
final class Replica {
    private static final Logger LOGGER = LoggerFactory.getLogger(Replica.class);

    private final URI address;
    private final Predicate<URI> probe;
    private final Executor background;
    private final LongSupplier nanos;

    // Under the monitor.
    private boolean passedOver;
    private int failures;
    private boolean silent;
    private long probeAt;
    private long probedInVainAt;
    private boolean probedInVain;
    private @Nullable CompletableFuture<Boolean> probing;

    /**
     * A replica that is usable until it fails.
     *
     * @param probe whether the process at an address lives; may take {@link CallLimits#PROBE}
     * @param background runs probes
     */
    Replica(URI address, Predicate<URI> probe, Executor background, LongSupplier nanos) {
        this.address = address;
        this.probe = probe;
        this.background = background;
        this.nanos = nanos;
    }

    URI address() {
        return address;
    }

    synchronized boolean usable() {
        return !passedOver;
    }

    /** A call was answered. */
    synchronized void answered() {
        if (failures > 0) {
            LOGGER.atInfo().addKeyValue("host", address.getAuthority()).log("A replica answers again.");
        }
        failures = 0;
        passedOver = false;
        probedInVain = false;
    }

    /** A call failed. */
    synchronized void failed(AttemptFailedException e) {
        if (failures == 0) {
            LOGGER.atWarn()
                    .addKeyValue("host", address.getAuthority())
                    .addKeyValue("reason", e.getMessage())
                    .log("A replica does not answer and is passed over.");
        }
        silent = e.kind() == Kind.SILENT;
        passOver();
    }

    /** The probe that is under way; begins one if it is time. Null while it is not. */
    @Nullable
    CompletableFuture<Boolean> probeWhenDue() {
        return probe(false);
    }

    /** The probe that is under way; begins one unless the last was in vain a moment ago. Null then. */
    @Nullable
    CompletableFuture<Boolean> probeNow() {
        return probe(true);
    }

    private @Nullable CompletableFuture<Boolean> probe(boolean hasty) {
        CompletableFuture<Boolean> mine = new CompletableFuture<>();
        synchronized (this) {
            if (probing != null || !passedOver) {
                return probing;
            }
            long now = nanos.getAsLong();
            boolean due = hasty
                    ? !probedInVain || now - probedInVainAt >= CallLimits.PROBE_PAUSE.toNanos()
                    : now - probeAt >= 0;
            if (!due) {
                return null;
            }
            probing = mine;
        }
        background.execute(() -> {
            boolean lives = false;
            try {
                lives = probe.test(address);
            } finally {
                probed(lives);
                mine.complete(lives);
            }
        });
        return mine;
    }

    private synchronized void probed(boolean lives) {
        probing = null;
        probedInVain = !lives;
        probedInVainAt = nanos.getAsLong();
        if (lives) {
            passedOver = false;
        } else {
            passOver();
        }
    }

    private void passOver() {
        passedOver = true;
        Duration least = silent ? CallLimits.PASS_OVER_SILENT_MIN : CallLimits.PASS_OVER_MIN;
        Duration most = silent ? CallLimits.PASS_OVER_SILENT_MAX : CallLimits.PASS_OVER_MAX;
        long pause = least.toNanos() << Math.min(failures, 10);
        failures++;
        probeAt = nanos.getAsLong() + Math.min(pause, most.toNanos());
    }
}
