package io.spyhop.metrics;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.ContainerCounters;
import io.spyhop.contracts.metric.InstanceUsage;
import io.spyhop.contracts.metric.TopBy;
import io.spyhop.contracts.metric.UsageApi;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.metrics.sample.UsageReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers the gateway's questions for what is used now. */
@ApplicationScoped
@RunOnVirtualThread
public class UsageResource implements UsageApi {
    private final UsageReader reader;

    @Inject
    UsageResource(UsageReader reader) {
        this.reader = reader;
    }

    @Override
    public Map<String, InstanceUsage> usages(List<WorkloadId> workloads) {
        if (workloads.size() > WORKLOADS_MAX) {
            throw SpyhopException.parameter("workloads", "at most " + WORKLOADS_MAX + " are answered at once");
        }
        try {
            return reader.usages(workloads);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SpyhopException(ErrorCode.DEPENDENCY_AWAY, "metrics-service ends", e);
        }
    }

    @Override
    public Map<String, InstanceUsage> top(@Nullable TopBy by, List<String> orgs, int limit) {
        if (by == null) {
            throw SpyhopException.parameter("by", "cpu or memory is wanted");
        }
        if (limit < 1 || limit > TOP_MAX) {
            throw SpyhopException.parameter("limit", "a number from 1 to " + TOP_MAX + " is wanted");
        }
        return reader.top(by, orgs, limit);
    }

    @Override
    public Map<String, ContainerCounters> counters(int partition) {
        if (partition < 0 || partition >= Topic.PARTITIONS) {
            throw SpyhopException.parameter("partition", "a number from 0 to " + (Topic.PARTITIONS - 1) + " is wanted");
        }
        return reader.counters(partition);
    }
}
