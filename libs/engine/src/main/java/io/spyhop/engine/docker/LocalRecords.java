package io.spyhop.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spyhop.engine.ContainerDetails;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the engine on this machine wrote down of its containers, where this process may read it: the same that it answers when
 * it is asked, but in two files, and without a word for a container's state. It writes before it tells of a start (moby 20.10,
 * {@code daemon/start.go}). Thread-safe.
 */
final class LocalRecords {
    /** An engine tells of a start within milliseconds; on a busy machine it takes longer. */
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(2);

    private static final String CONFIG = "config.v2.json";

    private final Path containers;

    private LocalRecords(Path containers) {
        this.containers = containers;
    }

    /** What tells one writing of a record from another. */
    record Version(FileTime modifiedAt, long size, @Nullable Object fileKey) {}

    /** The records of the engine that has its data in this folder; null where they cannot be read. */
    static @Nullable LocalRecords in(Path engineRoot) {
        Path containers = engineRoot.resolve("containers");
        return Files.isReadable(containers) && Files.isExecutable(containers) ? new LocalRecords(containers) : null;
    }

    /** The folder that has a folder for each container. */
    Path containers() {
        return containers;
    }

    /** Where the engine keeps a container's files. */
    Path folder(String container) {
        return containers.resolve(container);
    }

    /** How a container was set up and how it goes, as the engine keeps it. */
    JsonNode config(String container) throws IOException {
        return read(folder(container).resolve(CONFIG));
    }

    /** What of a container's set-up is the host's affair. */
    JsonNode hostConfig(String container) throws IOException {
        return read(folder(container).resolve("hostconfig.json"));
    }

    /** Equal as long as a container's record is the same one, which the engine replaces as a whole; null where there is none. */
    @Nullable
    Version version(String container) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(folder(container).resolve(CONFIG), BasicFileAttributes.class);
            return new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (IOException e) {
            return null;
        }
    }

    /** A container as it was written down last; null where there is nothing to be read. */
    @Nullable
    ContainerDetails read(String container) {
        try {
            if (!(config(container) instanceof ObjectNode json && json.path("State") instanceof ObjectNode state)) {
                return null;
            }
            json.put("Id", container);
            json.set("HostConfig", hostConfig(container));
            state.put("Status", status(state));
            return DockerJson.details(json);
        } catch (IOException e) {
            return null;
        }
    }

    /** A container that was started shortly before the engine told of it; null where nothing is written of that. */
    @Nullable
    ContainerDetails started(String container, Instant toldAt) {
        ContainerDetails details = read(container);
        Instant at = details == null ? null : details.startedAt();
        return at == null || at.isAfter(toldAt) || at.isBefore(toldAt.minus(TOLD_WITHIN)) ? null : details;
    }

    private static String status(JsonNode state) {
        if (!state.path("Running").asBoolean()) {
            return "exited";
        }
        if (state.path("Paused").asBoolean()) {
            return "paused";
        }
        return state.path("Restarting").asBoolean() ? "restarting" : "running";
    }

    private static JsonNode read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return DockerJson.read(in);
        }
    }
}
