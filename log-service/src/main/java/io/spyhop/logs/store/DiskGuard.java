package io.spyhop.logs.store;

import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.logs.LogLimits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Stops capture while the disk under the embedded database is nearly full: a database that finds no room for its log ends
 * itself. What is written meanwhile waits in the engine's own logs. A database elsewhere looks after itself. Thread-safe.
 */
@ApplicationScoped
public class DiskGuard {
    private static final Logger LOGGER = LoggerFactory.getLogger(DiskGuard.class);
    private static final Duration LOOK_EACH = Duration.ofSeconds(1);

    private final LongSupplier freeBytes;
    private long lookedAt = System.nanoTime() - LOOK_EACH.toNanos();
    private boolean low;

    /** Guards the disk of the data directory of this process, if it has one. */
    @Inject
    DiskGuard(SpyhopConfig config) {
        this(config.data().map(DiskGuard::freeBytesOf).orElse(() -> Long.MAX_VALUE));
    }

    /** Guards what has so many bytes free. */
    public DiskGuard(LongSupplier freeBytes) {
        this.freeBytes = freeBytes;
    }

    /** Whether nothing may be stored now. Looks at most each second. */
    public synchronized boolean low() {
        if (System.nanoTime() - lookedAt >= LOOK_EACH.toNanos()) {
            lookedAt = System.nanoTime();
            long free = freeBytes.getAsLong();
            long wanted = LogLimits.DISK_FREE_MIN + (low ? LogLimits.DISK_FREE_MARGIN : 0);
            if (low != free < wanted) {
                low = !low;
                LOGGER.atLevel(low ? Level.WARN : Level.INFO)
                        .log(low ? "The disk is nearly full: capture pauses." : "Capture goes on.");
            }
        }
        return low;
    }

    /** Waits while nothing may be stored. */
    public void awaitRoom() throws InterruptedException {
        while (low()) {
            Thread.sleep(LOOK_EACH);
        }
    }

    private static LongSupplier freeBytesOf(Path directory) {
        return () -> {
            try {
                return Files.getFileStore(directory).getUsableSpace();
            } catch (IOException e) {
                LOGGER.atDebug().setCause(e).log("A disk does not tell how much is free.");
                return Long.MAX_VALUE;
            }
        };
    }
}
