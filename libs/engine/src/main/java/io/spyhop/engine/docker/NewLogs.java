package io.spyhop.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the log of each new container as soon as its file appears, and holds it for a while, until somebody asks to read
 * it. The news of a container takes its way through the catalogue and the broker; meanwhile it may have ended and been
 * removed, and an open file outlives that. Thread-safe; a virtual thread for each log that is held.
 */
final class NewLogs implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(NewLogs.class);

    /** The news takes milliseconds; with a broker or a database that restarts, some seconds. A held file takes up disk. */
    private static final long HELD_NANOS = TimeUnit.MINUTES.toNanos(2);

    /** Each takes a file descriptor. */
    private static final int HELD_MAX = 512;

    private final Path containers;
    private final FolderWatch watch;
    private final Function<String, @Nullable JsonNode> config;
    private final WatchService service;
    private final Map<String, Held> held = new ConcurrentHashMap<>();

    /**
     * Begins.
     *
     * @param config what the engine keeps of a container whose log can be read from files, by its id
     */
    NewLogs(Path containers, FolderWatch watch, Function<String, @Nullable JsonNode> config) throws IOException {
        this.containers = containers;
        this.watch = watch;
        this.config = config;
        this.service = FileSystems.getDefault().newWatchService();
        containers.register(service, StandardWatchEventKinds.ENTRY_CREATE);
        Thread.ofVirtual().name("new-logs").start(this::run);
    }

    /** Hands over a log that is held; null where none is. The caller closes its files. */
    @Nullable
    Held take(String container) {
        Held taken = held.remove(container);
        return taken != null && taken.handOver() ? taken : null;
    }

    /** Whether a container's log is held. */
    boolean holds(String container) {
        Held there = held.get(container);
        return there != null && there.config() != null;
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            LOGGER.atDebug().setCause(e).log("New logs are still looked for.");
        }
        held.keySet().forEach(container -> {
            Held left = held.remove(container);
            if (left != null) {
                left.drop();
            }
        });
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = service.take();
                for (WatchEvent<?> event : key.pollEvents()) {
                    if (event.context() instanceof Path folder && held.size() < HELD_MAX) {
                        String container = folder.toString();
                        Held log = new Held(container);
                        if (held.putIfAbsent(container, log) == null) {
                            Thread.ofVirtual().name("new-log").start(log::hold);
                        }
                    }
                }
                key.reset();
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            LOGGER.atTrace().log("New logs are no longer looked for.");
        }
    }

    /** The log of one new container. */
    final class Held {
        private final String container;
        private final Path folder;
        private final JsonFiles files;
        private final FolderWatch.Waiter waiter;
        private volatile @Nullable JsonNode known;
        private boolean opened;
        private boolean handedOver;

        private Held(String container) {
            this.container = container;
            this.folder = containers.resolve(container);
            this.files = JsonFiles.of(folder);
            this.waiter = watch.waiter(folder);
        }

        /** The files, open at the beginning. */
        JsonFiles files() {
            return files;
        }

        /** What the engine kept of the container; null where its log cannot be read from files. */
        @Nullable
        JsonNode config() {
            return known;
        }

        private void hold() {
            long until = System.nanoTime() + HELD_NANOS;
            try (waiter) {
                while (!isOver() && System.nanoTime() < until) {
                    boolean there = Files.exists(folder);
                    if (!look() && !there) {
                        break;
                    }
                    waiter.await(until - System.nanoTime());
                }
            } catch (IOException e) {
                LOGGER.atDebug().addKeyValue("instance", container).setCause(e).log("A new log cannot be opened.");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            held.remove(container, this);
            drop();
        }

        /** Opens what has appeared, and watches for what has not; whether the file is open. */
        private synchronized boolean look() throws IOException {
            if (handedOver) {
                return true;
            }
            if (!opened || known == null) {
                waiter.watch();
            }
            if (!opened) {
                opened = files.openAt(0);
            }
            if (known == null) {
                known = config.apply(container);
            }
            return opened;
        }

        private synchronized boolean isOver() {
            return handedOver;
        }

        private synchronized boolean handOver() {
            handedOver = true;
            waiter.wake();
            if (!opened || known == null) {
                close();
                return false;
            }
            return true;
        }

        private synchronized void drop() {
            if (!handedOver) {
                handedOver = true;
                waiter.wake();
                close();
            }
        }

        private void close() {
            try {
                files.close();
            } catch (IOException e) {
                LOGGER.atTrace().setCause(e).log("A log's file stays open.");
            }
        }
    }
}
