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
 * removed, and an open file outlives that. Thread-safe; one platform thread, which on a busy machine is run sooner than
 * one of many virtual threads.
 */
final class NewLogs implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(NewLogs.class);

    /** The news takes milliseconds; with a broker or a database that restarts, some seconds. A held file takes up disk. */
    private static final long HELD_NANOS = TimeUnit.MINUTES.toNanos(2);

    /** A container is started within milliseconds of its creation as a rule, and may be removed as soon. */
    private static final long LOOK_OFTEN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final long OFTEN_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long LOOK_SELDOM_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Each takes a file descriptor. */
    private static final int HELD_MAX = 512;

    private final Path containers;
    private final Function<String, @Nullable JsonNode> config;
    private final WatchService service;
    private final Map<String, Held> held = new ConcurrentHashMap<>();

    /**
     * Begins.
     *
     * @param config what the engine keeps of a container whose log can be read from files, by its id
     */
    NewLogs(Path containers, Function<String, @Nullable JsonNode> config) throws IOException {
        this.containers = containers;
        this.config = config;
        this.service = FileSystems.getDefault().newWatchService();
        containers.register(service, StandardWatchEventKinds.ENTRY_CREATE);
        Thread.ofPlatform().name("new-logs").daemon().start(this::run);
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
                WatchKey key = service.poll(pauseNanos(), TimeUnit.NANOSECONDS);
                if (key != null) {
                    for (WatchEvent<?> event : key.pollEvents()) {
                        if (event.context() instanceof Path folder && held.size() < HELD_MAX) {
                            String container = folder.toString();
                            held.putIfAbsent(container, new Held(container));
                        }
                    }
                    key.reset();
                }
                held.values().removeIf(Held::isOver);
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            LOGGER.atTrace().log("New logs are no longer looked for.");
        }
    }

    /** How soon to look again. */
    private long pauseNanos() {
        return held.values().stream().mapToLong(Held::pauseNanos).min().orElse(HELD_NANOS);
    }

    /** The log of one new container. */
    final class Held {
        private final String container;
        private final Path folder;
        private final JsonFiles files;
        private final long since = System.nanoTime();
        private volatile @Nullable JsonNode known;
        private boolean opened;
        private boolean handedOver;

        private Held(String container) {
            this.container = container;
            this.folder = containers.resolve(container);
            this.files = JsonFiles.of(folder);
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

        private synchronized long pauseNanos() {
            long age = System.nanoTime() - since;
            return isComplete() ? HELD_NANOS - age : age < OFTEN_NANOS ? LOOK_OFTEN_NANOS : LOOK_SELDOM_NANOS;
        }

        /** Opens what has appeared; whether it needs to be held no more. */
        private synchronized boolean isOver() {
            if (handedOver) {
                return true;
            }
            boolean over = System.nanoTime() - since >= HELD_NANOS;
            if (!isComplete()) {
                over = over || !look();
            }
            if (over) {
                drop();
            }
            return over;
        }

        /** Opens what has appeared; false where nothing will. */
        private boolean look() {
            try {
                boolean there = Files.exists(folder);
                opened = opened || files.openAt(0, 0);
                known = known == null ? config.apply(container) : known;
                return there || isComplete();
            } catch (IOException e) {
                LOGGER.atDebug().addKeyValue("instance", container).setCause(e).log("A new log cannot be opened.");
                return false;
            }
        }

        private boolean isComplete() {
            return opened && known != null;
        }

        private synchronized boolean handOver() {
            handedOver = true;
            if (!isComplete()) {
                close();
            }
            return isComplete();
        }

        private synchronized void drop() {
            if (!handedOver) {
                handedOver = true;
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
