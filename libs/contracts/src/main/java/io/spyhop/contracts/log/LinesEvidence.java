package io.spyhop.contracts.log;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.topic.RecordKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What log-service knows at the end of a life, on the evidence topic: that its output is stored, and the last of it.
 * Delivered at least once; the same life always has the same (containerId, endedAt). Where its output was not known to its end
 * when the line of that end was written, it is told {@code partial}ly, and again when the rest has come. Immutable.
 *
 * @param type always {@link #TYPE}: other services write evidence of other types to the same topic
 * @param lifeStartedAt null where it is not known
 * @param endedAt when the life ended, as the transition says that ended it
 * @param through up to which number lines were looked at: as a rule that of the system line of that end, for what the life wrote has
 *     lower ones. What is told again has a higher one, and counts in place of the former
 * @param ndjson the life's last lines of all streams, {@link #LINES_MAX} at most, oldest first: rows as they are stored. Where
 *     they are long, fewer, and a row above {@link #BYTES_MAX} is left out
 * @param omitted how many lines of the last {@link #LINES_MAX} were left out because of their length
 * @param partial true where more may come; null otherwise
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LinesEvidence(
        String type,
        WorkloadId workload,
        String host,
        String containerId,
        int index,
        @Nullable Instant lifeStartedAt,
        Instant endedAt,
        long through,
        String ndjson,
        int omitted,
        @Nullable Boolean partial) {
    /** The type of this evidence. */
    public static final String TYPE = "lines";

    /** As many lines tell how a life ended. */
    public static final int LINES_MAX = 100;

    /** Their bytes: escaped as a text in JSON they still fit into a record of a topic. */
    public static final int BYTES_MAX = 256 * 1024;

    /** The key of this record. */
    public RecordKey key() {
        return RecordKey.of(workload, containerId);
    }
}
