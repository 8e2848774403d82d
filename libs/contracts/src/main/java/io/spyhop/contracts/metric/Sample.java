package io.spyhop.contracts.metric;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.topic.RecordKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The value on the samples topic: what one instance used at one slot of the wall clock. Delivered at least once; a slot of a
 * container is one sample, whichever replica took it. Immutable.
 *
 * @param project of the workload, null where it has none
 * @param index of the instance in its workload
 * @param slot the multiple of the sampling interval since the epoch that this sample is for
 * @param intervalSeconds from one slot to the next
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Sample(
        WorkloadId workload,
        String org,
        @Nullable String project,
        String host,
        String containerId,
        int index,
        Instant slot,
        int intervalSeconds,
        Usage usage) {
    /** The key of this record. */
    public RecordKey key() {
        return RecordKey.of(workload, containerId);
    }
}
