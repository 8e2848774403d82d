package io.spyhop.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.LogRequest;
import io.spyhop.engine.LogStream;
import java.io.IOException;
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

    private final LocalRecords records;
    private final FolderWatch watch;
    private final NewLogs news;

    private LocalLogs(LocalRecords records) throws IOException {
        this.records = records;
        this.watch = new FolderWatch();
        this.news = new NewLogs(records.containers(), this::config);
    }

    /** The logs of the engine that keeps these records; null where they cannot be watched. */
    static @Nullable LocalLogs of(LocalRecords records) {
        try {
            return new LocalLogs(records);
        } catch (IOException e) {
            LOGGER.atWarn().setCause(e).log("Logs are read through the engine: the kernel watches no folders.");
            return null;
        }
    }

    /** Whether a container's log is written to a file that can be read. */
    boolean has(String container) {
        return news.holds(container) || config(container) != null;
    }

    /** Opens a container's log; null where it must be read through the engine. */
    @Nullable
    LogStream open(LogRequest request, Supplier<Optional<ContainerDetails>> inspect, Consumer<LogStream> onClose) {
        String container = request.containerId();
        NewLogs.Held held = news.take(container);
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
            JsonFiles files = held == null ? JsonFiles.of(records.folder(container)) : held.files();
            return new FileLogStream(records, files, known, inspect, watch, onClose);
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

    /**
     * What the engine keeps of a container whose log is json-file; null for all others. An id that is known here is one of
     * this engine: ids are random, and 256 bits long.
     */
    private @Nullable JsonNode config(String container) {
        try {
            JsonNode log = records.hostConfig(container).path("LogConfig");
            boolean readable = log.path("Type").asText().equals("json-file");
            return readable ? records.config(container) : null;
        } catch (IOException e) {
            return null;
        }
    }
}
