package io.spyhop.lifecycle.watch;

import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.lifecycle.catalogue.Catalogue;
import io.spyhop.lifecycle.catalogue.HostReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a host's watcher reads and writes in the catalogue and on the topics. Broker or database away: one warning, and a
 * step is tried again, at least each second, for some minutes or until the watch ends; then it throws. Thread-safe.
 */
final class HostRecords {
    private static final Logger LOGGER = LoggerFactory.getLogger(HostRecords.class);
    private static final Duration RETRY_FIRST = Duration.ofMillis(100);
    private static final Duration RETRY_MAX = Duration.ofSeconds(1);

    /** About two minutes: longer outages are left to the comparison that follows them. */
    private static final int RETRIES_MAX = 120;

    /** Catalogue calls at once, of all hosts: they leave connections of the pool of 9 for requests. */
    private static final Semaphore CATALOGUE_CALLS = new Semaphore(6);

    private final String host;
    private final Catalogue catalogue;
    private final InstanceAnnouncer announcer;
    private final CrashRecorder crashes;
    private final BooleanSupplier closed;
    private final AtomicReference<@Nullable HostReport> unkept = new AtomicReference<>();
    private final ReentrantLock keeping = new ReentrantLock();
    private final AtomicBoolean away = new AtomicBoolean();

    /**
     * The records of a host.
     *
     * @param closed whether the watch has ended
     */
    HostRecords(
            String host,
            Catalogue catalogue,
            InstanceAnnouncer announcer,
            CrashRecorder crashes,
            BooleanSupplier closed) {
        this.host = host;
        this.catalogue = catalogue;
        this.announcer = announcer;
        this.crashes = crashes;
        this.closed = closed;
    }

    /** Nothing more is announced. */
    void close() {
        announcer.close();
    }

    /** Up to which event the host was watched. Waits for the database for as long as it takes. */
    Optional<Instant> lastEventAt() throws Exception {
        return repeatedly(() -> catalogue.lastEventAt(host), Integer.MAX_VALUE);
    }

    /** The host's containers as they were last kept. Waits for the database for as long as it takes. */
    List<InstanceState> present() throws Exception {
        return repeatedly(() -> catalogue.present(host), Integer.MAX_VALUE);
    }

    InstanceState seat(ContainerDetails container) throws Exception {
        return stored(() -> catalogue.seat(host, container));
    }

    void announce(InstanceState state, List<InstanceTransition> transitions) throws Exception {
        patiently(() -> {
            announcer.announce(state, transitions);
            return state;
        });
    }

    void announceGone(InstanceState last, List<InstanceTransition> transitions) throws Exception {
        patiently(() -> {
            announcer.announceGone(last, transitions);
            return last;
        });
    }

    void healthTold(String containerId) {
        announcer.healthTold(containerId);
    }

    void crashed(CrashFacts facts) throws Exception {
        stored(() -> {
            crashes.record(facts);
            return facts;
        });
    }

    void keep(InstanceState state) throws Exception {
        stored(() -> {
            catalogue.keep(state);
            return state;
        });
    }

    void remove(InstanceState last, Instant at) throws Exception {
        stored(() -> {
            catalogue.remove(last, at);
            return last;
        });
    }

    /** Keeps how the watch is, in the background, the newest last. Where that fails, {@link #keepHostAgain} mends it. */
    void keepHost(HostReport report) {
        unkept.set(report);
        keepHostAgain();
    }

    /** Keeps how the watch is where that failed before. */
    void keepHostAgain() {
        if (unkept.get() != null) {
            Thread.ofVirtual().name("watch-" + host + "-state").start(this::keepNewestReport);
        }
    }

    private void keepNewestReport() {
        keeping.lock();
        try {
            HostReport newest = unkept.get();
            if (newest != null) {
                catalogue.keepHost(host, newest);
                unkept.compareAndSet(newest, null);
            }
        } catch (RuntimeException e) {
            LOGGER.atDebug().addKeyValue("host", host).setCause(e).log("Keeping a host's state failed.");
        } finally {
            keeping.unlock();
        }
    }

    private <T> T stored(Callable<T> call) throws Exception {
        return patiently(() -> {
            CATALOGUE_CALLS.acquire();
            try {
                return call.call();
            } finally {
                CATALOGUE_CALLS.release();
            }
        });
    }

    /** For a while: a step that can never succeed must not stop its lane for ever. */
    private <T> T patiently(Callable<T> step) throws Exception {
        return repeatedly(step, RETRIES_MAX);
    }

    private <T> T repeatedly(Callable<T> step, int retriesMax) throws Exception {
        Duration pause = RETRY_FIRST;
        for (int retry = 0; ; retry++) {
            try {
                T result = step.call();
                if (away.getAndSet(false)) {
                    LOGGER.atInfo().addKeyValue("host", host).log("Broker and database take records again.");
                }
                return result;
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                if (closed.getAsBoolean() || retry == retriesMax) {
                    throw e;
                }
                if (!away.getAndSet(true)) {
                    LOGGER.atWarn()
                            .addKeyValue("host", host)
                            .addKeyValue("error", e.toString())
                            .log("Broker or database does not take a record, trying again.");
                }
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(RETRY_MAX) < 0 ? pause.multipliedBy(2) : RETRY_MAX;
        }
    }
}
