package io.spyhop.contracts.log;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.workload.Kind;
import java.util.List;
import java.util.Objects;

/**
 * Lines of one source of a workload, on the ingest topic. A source has one writer, who counts its entries from 1, without a gap,
 * and publishes them in order; one that does not know whether a record arrived publishes it again. So whoever stores them keeps
 * each once: entries up to the last stored ordinal are repeats. Immutable.
 *
 * @param kind of the workload, for how long its lines are kept
 * @param source whose entries are counted, unique within the workload, such as {@code run-…/1}
 * @param firstOrdinal the ordinal of the first of the lines
 * @param lines at least one
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record IngestRecord(WorkloadId workload, Kind kind, String source, long firstOrdinal, List<IngestLine> lines) {
    /** A source's name has at most so many characters. */
    public static final int SOURCE_LENGTH_MAX = 200;

    /**
     * The text of a record's lines, in characters, each line counted with {@link #LINE_OVERHEAD} more: escaped in JSON it still fits
     * into a record of a topic.
     */
    public static final int CHARACTERS_MAX = 64 * 1024;

    /** What a line costs beside its text. */
    public static final int LINE_OVERHEAD = 64;

    /**
     * Copies the lines.
     *
     * @throws IllegalArgumentException when it is not as described
     */
    public IngestRecord {
        Objects.requireNonNull(workload, "workload");
        Objects.requireNonNull(kind, "kind");
        if (source == null || source.isEmpty() || source.length() > SOURCE_LENGTH_MAX) {
            throw new IllegalArgumentException("a source has a name of 1 to " + SOURCE_LENGTH_MAX + " characters");
        }
        if (firstOrdinal < 1) {
            throw new IllegalArgumentException("ordinals begin at 1");
        }
        if (lines == null || lines.isEmpty()) {
            throw new IllegalArgumentException("no lines");
        }
        for (IngestLine line : lines) {
            Objects.requireNonNull(line.stream(), "stream");
            Objects.requireNonNull(line.text(), "text");
        }
        lines = List.copyOf(lines);
    }

    /** The key of this record. */
    public RecordKey key() {
        return RecordKey.of(workload);
    }

    @Override
    public String toString() {
        return source + " " + firstOrdinal + " and " + (lines.size() - 1) + " more";
    }
}
