package io.spyhop.contracts.metric;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.spyhop.contracts.WorkloadId;

/**
 * What one instance uses now. Immutable.
 *
 * @param index of the instance in its workload
 * @param host the engine endpoint's name
 * @param way how it was read: {@code kernel} from the cgroup's files, {@code api} from the engine
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record InstanceUsage(
        WorkloadId workload,
        String org,
        String host,
        String containerId,
        String containerName,
        int index,
        String way,
        Usage usage) {}
