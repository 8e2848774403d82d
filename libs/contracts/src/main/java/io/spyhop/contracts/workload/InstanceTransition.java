package io.spyhop.contracts.workload;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.topic.RecordKey;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The value on the transitions topic: something happened to an instance. Delivered at least once; the same happening
 * always carries the same (containerId, type, at). Immutable. A note is about the whole workload: it has {@link #NOTES} in
 * place of a container's id, and the index 0.
 *
 * @param at when it happened, by the engine's clock
 * @param lifeStartedAt start of the life that it belongs to; null where the instance never lived
 * @param exitCode for endings, null where the engine no longer knew
 * @param restart which restart of the container follows, from 1; for {@code RESTARTING} alone
 * @param delayMillis how long the engine waits before it; for {@code RESTARTING} alone
 * @param failures how many probes failed in a row; for {@code UNHEALTHY} alone
 * @param reason why the last of them failed; for {@code UNHEALTHY} alone
 * @param text of a note, as it is to stand among the lines; null on others
 * @param fields what varies of a note; null on others
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InstanceTransition(
        WorkloadId workload,
        String org,
        String host,
        String containerId,
        int index,
        Type type,
        Instant at,
        @Nullable Instant lifeStartedAt,
        @Nullable Integer exitCode,
        boolean oomKilled,
        @Nullable Integer restart,
        @Nullable Long delayMillis,
        @Nullable Integer failures,
        @Nullable String reason,
        @Nullable String text,
        @Nullable Map<String, String> fields) {
    /** Stands in place of a container's id in notes. */
    public static final String NOTES = "notes";

    /** Checks what no transition is without, and copies the fields. */
    public InstanceTransition {
        Objects.requireNonNull(workload, "workload");
        Objects.requireNonNull(containerId, "containerId");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(at, "at");
        fields = fields == null ? null : Map.copyOf(fields);
    }

    /** Something that Spyhop has to say about a workload. The times of a workload's notes rise. */
    public static InstanceTransition note(
            WorkloadId workload, String org, String host, Instant at, String text, Map<String, String> fields) {
        return new InstanceTransition(
                workload,
                org,
                host,
                NOTES,
                0,
                Type.NOTE,
                at,
                null,
                null,
                false,
                null,
                null,
                null,
                null,
                text,
                fields.isEmpty() ? null : fields);
    }

    /** What happened. Written in lower case on the wire. */
    public enum Type {
        /** A life began. */
        STARTED,
        /** So many probes in a row failed that it counts as unhealthy. */
        UNHEALTHY,
        /** An unhealthy instance answered a probe again. */
        HEALTHY,
        /** A life ended because somebody asked for it. */
        STOPPED,
        /** A life ended by itself with code 0, or Spyhop was away and cannot tell who asked. */
        EXITED,
        /** A life ended with another code, or by OOM, and nobody asked. */
        CRASHED,
        /** A life ended, and the engine waits before it begins the next one, as a restart policy wants it. */
        RESTARTING,
        /** The container is gone. */
        REMOVED,
        /** Spyhop tells what it does with the workload. */
        NOTE,
        /** Something that only a later version knows: whoever reads it passes over it. Never written. */
        UNKNOWN;

        /** The name on the wire. */
        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Reads a name from the wire; one of a later version is {@link #UNKNOWN}. */
        @JsonCreator
        public static Type read(String wire) {
            for (Type type : values()) {
                if (type.wire().equals(wire)) {
                    return type;
                }
            }
            return UNKNOWN;
        }

        /**
         * Reads a name that somebody asks for.
         *
         * @throws IllegalArgumentException when there is no such type
         */
        public static Type of(String wire) {
            Type type = read(wire);
            if (type == UNKNOWN) {
                throw new IllegalArgumentException("no such type");
            }
            return type;
        }
    }

    /** The key of this record. */
    public RecordKey key() {
        return RecordKey.of(workload, containerId);
    }
}
