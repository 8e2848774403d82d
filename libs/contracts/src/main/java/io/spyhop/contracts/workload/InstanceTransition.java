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

    /** Something other than a note. */
    public InstanceTransition(
            WorkloadId workload,
            String org,
            String host,
            String containerId,
            int index,
            Type type,
            Instant at,
            @Nullable Instant lifeStartedAt,
            @Nullable Integer exitCode,
            boolean oomKilled) {
        this(workload, org, host, containerId, index, type, at, lifeStartedAt, exitCode, oomKilled, null, null);
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
                text,
                fields.isEmpty() ? null : fields);
    }

    /** What happened. Written in lower case on the wire. */
    public enum Type {
        /** A life began. */
        STARTED,
        /** A life ended because somebody asked for it. */
        STOPPED,
        /** A life ended by itself with code 0, or Spyhop was away and cannot tell who asked. */
        EXITED,
        /** A life ended with another code, or by OOM, and nobody asked. */
        CRASHED,
        /** The container is gone. */
        REMOVED,
        /** Spyhop tells what it does with the workload. */
        NOTE;

        /** The name on the wire. */
        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Reads a name from the wire. */
        @JsonCreator
        public static Type of(String wire) {
            return valueOf(wire.toUpperCase(Locale.ROOT));
        }
    }

    /** The key of this record. */
    public RecordKey key() {
        return RecordKey.of(workload, containerId);
    }
}
