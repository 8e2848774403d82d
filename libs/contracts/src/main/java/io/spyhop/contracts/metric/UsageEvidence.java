package io.spyhop.contracts.metric;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.topic.RecordKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What metrics-service knows at the end of a life, on the evidence topic: the run-up in fine steps. Delivered at least once;
 * the same life always has the same (containerId, endedAt). Immutable.
 *
 * @param type always {@link #TYPE}: other services write evidence of other types to the same topic
 * @param lifeStartedAt null where it is not known
 * @param endedAt when the life ended, by the engine's clock
 * @param oomEvents how often the kernel killed in this container for want of memory; null where it cannot be read
 * @param usages of the last minutes, oldest first; empty where only the engine's API could be read
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UsageEvidence(
        String type,
        WorkloadId workload,
        String host,
        String containerId,
        int index,
        @Nullable Instant lifeStartedAt,
        Instant endedAt,
        @Nullable Long oomEvents,
        List<Usage> usages) {
    /** The type of this evidence. */
    public static final String TYPE = "usage";

    /** Copies the usages. */
    public UsageEvidence {
        usages = List.copyOf(usages);
    }

    /** The key of this record. */
    public RecordKey key() {
        return RecordKey.of(workload, containerId);
    }
}
