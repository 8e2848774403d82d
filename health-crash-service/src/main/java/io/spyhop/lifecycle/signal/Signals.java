package io.spyhop.lifecycle.signal;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes those who wait for a signal. One connection to the database listens for what triggers say of commits, this replica's
 * and others'. While it is away, or something between cannot do that, {@link #LOOK_EACH} finds what was not heard, so nothing may
 * depend on a signal but how soon something happens. Thread-safe; whoever is woken must not block.
 */
@ApplicationScoped
public class Signals {
    /** How often whoever waits for signals looks without one. */
    public static final Duration LOOK_EACH = Duration.ofSeconds(30);

    private static final Logger LOGGER = LoggerFactory.getLogger(Signals.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final AgroalDataSource dataSource;
    private final Map<String, List<Runnable>> waiting = new ConcurrentHashMap<>();
    private final Thread thread = Thread.ofVirtual().name("signals").unstarted(this::run);
    private volatile boolean stopped;

    @Inject
    Signals(@DataSource("lifecycle") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    void start(@Observes StartupEvent event) {
        thread.start();
    }

    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) ShutdownEvent event)
            throws InterruptedException {
        stopped = true;
        thread.interrupt();
        thread.join();
    }

    /** From now on this is woken by a signal; sometimes without one. */
    public void on(Signal signal, Runnable wake) {
        waiting.computeIfAbsent(signal.name(), name -> new CopyOnWriteArrayList<>())
                .add(wake);
    }

    /** Gives a signal in this process only. */
    public void give(Signal signal) {
        wake(signal.name());
    }

    /** A name that nobody waits for is a later version's. */
    private void wake(String name) {
        waiting.getOrDefault(name, List.of()).forEach(Runnable::run);
    }

    private void run() {
        SignalReader reader = new SignalReader(dataSource, LOOK_EACH);
        try {
            while (!stopped) {
                try {
                    // First for what was said before.
                    reader.listen(() -> waiting.keySet().forEach(this::wake), this::wake, () -> stopped);
                } catch (SQLException e) {
                    LOGGER.atDebug().setCause(e).log("Signals cannot be heard.");
                }
                Thread.sleep(RETRY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
