package io.spyhop.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.LogRequest;
import io.spyhop.engine.LogStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs that the engine on this machine writes to files which this process may read. Reading them costs the engine
 * nothing, and is an order of magnitude faster than asking for them. Thread-safe.
 */
final class LocalLogs implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LocalLogs.class);

    private final Path containers;
    private final FolderWatch watch;
    private final NewLogs news;

    /** Where a process cannot be seen its end cannot either. */
    private volatile boolean blind;

    private LocalLogs(Path containers) throws IOException {
        this.containers = containers;
        this.watch = new FolderWatch();
        this.news = new NewLogs(containers, this::config);
    }

    /** The logs of the engine that has its data in this folder; null where they cannot be read. */
    static @Nullable LocalLogs in(Path engineRoot) {
        Path containers = engineRoot.resolve("containers");
        if (!Files.isReadable(containers) || !Files.isExecutable(containers)) {
            return null;
        }
        try {
            return new LocalLogs(containers);
        } catch (IOException e) {
            LOGGER.atWarn().setCause(e).log("Logs are read through the engine: the kernel watches no folders.");
            return null;
        }
    }

    /** Whether a container's log is written to a file that can be read. */
    boolean has(String container) {
        return !blind && (news.holds(container) || config(container) != null);
    }

    /** Opens a container's log; null where it must be read through the engine. */
    @Nullable
    LogStream open(LogRequest request, Supplier<Optional<ContainerDetails>> inspect, Consumer<LogStream> onClose) {
        String container = request.containerId();
        Path folder = folder(container);
        NewLogs.Held held = blind ? null : news.take(container);
        JsonNode config = held == null ? config(container) : held.config();
        if (config == null) {
            return null;
        }
        LogRequest known = new LogRequest(
                container,
                request.tty() || config.path("Config").path("Tty").asBoolean(),
                request.sinceNanos(),
                request.follow(),
                request.backfillBytes(),
                false);
        try {
            JsonFiles files = held == null ? JsonFiles.of(folder) : held.files();
            return new FileLogStream(folder, files, known, inspect, watch, this::goBlind, onClose);
        } catch (IOException e) {
            LOGGER.atDebug().addKeyValue("instance", container).setCause(e).log("A log's file cannot be read.");
            return null;
        }
    }

    @Override
    public void close() {
        news.close();
        watch.close();
    }

    private void goBlind() {
        if (!blind) {
            blind = true;
            LOGGER.atWarn()
                    .log("Logs are read through the engine: the containers' processes cannot be seen from here.");
        }
    }

    /**
     * What the engine keeps of a container whose log is json-file; null for all others. An id that is known here is one of
     * this engine: ids are random, and 256 bits long.
     */
    private @Nullable JsonNode config(String container) {
        if (blind) {
            return null;
        }
        Path folder = folder(container);
        try {
            JsonNode log = read(folder.resolve("hostconfig.json")).path("LogConfig");
            boolean readable = log.path("Type").asText().equals("json-file");
            return readable ? read(folder.resolve("config.v2.json")) : null;
        } catch (IOException e) {
            return null;
        }
    }

    private Path folder(String container) {
        return containers.resolve(container);
    }

    private static JsonNode read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return DockerJson.read(in);
        }
    }
}
