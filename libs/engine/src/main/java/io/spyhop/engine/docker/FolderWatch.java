package io.spyhop.engine.docker;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes readers when something in their folder changes (inotify on Linux), so that a thousand quiet logs cost nothing.
 * To begin and to end a watch takes two switches of threads, so neither is done for each change. Where the kernel takes no
 * more watches, waiting is a pause. Thread-safe.
 */
final class FolderWatch implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(FolderWatch.class);

    /** How long a folder that cannot be watched is left alone. */
    private static final long UNWATCHED_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final WatchService service;

    /** A folder has one key, however many wait for it. */
    private final Map<WatchKey, Set<Waiter>> waiters = new HashMap<>();

    FolderWatch() throws IOException {
        service = FileSystems.getDefault().newWatchService();
        Thread.ofVirtual().name("log-folders").start(this::run);
    }

    /** One reader's waiting. Used by that reader; others only wake it. */
    Waiter waiter(Path folder) {
        return new Waiter(folder);
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            LOGGER.atDebug().setCause(e).log("Folders are still watched.");
        }
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = service.take();
                key.pollEvents();
                wake(key);
                key.reset();
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            LOGGER.atTrace().log("Folders are no longer watched.");
        }
    }

    private synchronized void wake(WatchKey key) {
        waiters.getOrDefault(key, Set.of()).forEach(Waiter::wake);
    }

    private synchronized WatchKey join(Waiter waiter, Path folder) throws IOException {
        WatchKey key = folder.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
        waiters.computeIfAbsent(key, first -> new HashSet<>()).add(waiter);
        return key;
    }

    private synchronized void leave(Waiter waiter, WatchKey key) {
        Set<Waiter> others = waiters.get(key);
        if (others != null && others.remove(waiter) && others.isEmpty()) {
            waiters.remove(key);
            key.cancel();
        }
    }

    /** A reader of files in one folder. */
    final class Waiter implements AutoCloseable {
        private final Path folder;
        private final Semaphore changes = new Semaphore(0);
        private @Nullable WatchKey key;

        private Waiter(Path folder) {
            this.folder = folder;
        }

        /** From now on a change ends the next wait, so look once more before waiting; false where it cannot be watched. */
        boolean watch() {
            try {
                if (key == null) {
                    key = join(this, folder);
                }
            } catch (IOException | ClosedWatchServiceException e) {
                LOGGER.atTrace().setCause(e).log("A folder cannot be watched.");
            }
            return key != null;
        }

        /** Whether a change ends a wait. */
        boolean watching() {
            return key != null;
        }

        /** Waits for a change, for a wake, or for so long. */
        void await(long nanos) throws InterruptedException {
            long patience = key == null ? Math.min(nanos, UNWATCHED_PAUSE_NANOS) : nanos;
            if (changes.tryAcquire(patience, TimeUnit.NANOSECONDS)) {
                changes.drainPermits();
            }
        }

        /** Ends the present or the next wait. */
        void wake() {
            changes.release();
        }

        /** Watches no more. */
        @Override
        public void close() {
            WatchKey watched = key;
            if (watched != null) {
                key = null;
                try {
                    leave(this, watched);
                } catch (ClosedWatchServiceException e) {
                    LOGGER.atTrace().log("Folders are no longer watched.");
                }
            }
        }
    }
}
