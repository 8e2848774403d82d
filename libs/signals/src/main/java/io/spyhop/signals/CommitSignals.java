package io.spyhop.signals;

import io.agroal.api.AgroalDataSource;
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
 *
 * @param <S> a service's signals; triggers say their names
 */
public class CommitSignals<S extends Enum<S>> {
    /** How often whoever waits for signals looks without one. */
    public static final Duration LOOK_EACH = Duration.ofSeconds(30);

    private static final Logger LOGGER = LoggerFactory.getLogger(CommitSignals.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final SignalReader reader;
    private final Map<String, List<Runnable>> waiting = new ConcurrentHashMap<>();
    private final Thread thread = Thread.ofVirtual().name("signals").unstarted(this::run);
    private volatile boolean stopped;

    /** Hears nothing yet. */
    protected CommitSignals(AgroalDataSource dataSource, String channel) {
        this.reader = new SignalReader(dataSource, channel, LOOK_EACH);
    }

    /** Listens from now on. */
    protected final void listen() {
        thread.start();
    }

    /** Listens no more; returns when that has ended. */
    protected final void end() throws InterruptedException {
        stopped = true;
        thread.interrupt();
        thread.join();
    }

    /** From now on this is woken by a signal; sometimes without one. */
    public final void on(S signal, Runnable wake) {
        waiting.computeIfAbsent(signal.name(), name -> new CopyOnWriteArrayList<>())
                .add(wake);
    }

    /** Gives a signal in this process only. */
    public final void give(S signal) {
        wake(signal.name());
    }

    /** A name that nobody waits for is a later version's. */
    private void wake(String name) {
        waiting.getOrDefault(name, List.of()).forEach(Runnable::run);
    }

    private void run() {
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
