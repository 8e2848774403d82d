package io.spyhop.metrics.store;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.Sample;
import io.spyhop.contracts.metric.Usage;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Samples of one container, as its sampler would publish them. Immutable. */
public record SomeSamples(
        WorkloadId workload,
        String org,
        @Nullable String project,
        String host,
        String container,
        int index,
        int interval) {
    /** A container of a workload of its own. */
    public static SomeSamples of(String org) {
        String id = UUID.randomUUID().toString().substring(0, 13);
        return new SomeSamples(new WorkloadId("w-" + id), org, "shop", "local", "c-" + id, 0, 30);
    }

    /** Another container of the same workload. */
    public SomeSamples container(String name, int other) {
        return new SomeSamples(workload, org, project, host, container + name, other, interval);
    }

    /** The same with another interval. */
    public SomeSamples each(int seconds) {
        return new SomeSamples(workload, org, project, host, container, index, seconds);
    }

    /** The same elsewhere. */
    public SomeSamples in(@Nullable String otherProject, String otherHost) {
        return new SomeSamples(workload, org, otherProject, otherHost, container, index, interval);
    }

    /** A sample of which everything is known. */
    public Sample at(Instant slot, double cpu, double memory) {
        return sample(
                slot,
                new Usage(
                        slot,
                        cpu,
                        memory,
                        512,
                        true,
                        memory / 5.12,
                        1L,
                        2L,
                        cpu * 2,
                        cpu * 3,
                        3L,
                        4L,
                        cpu * 4,
                        cpu * 5,
                        7L));
    }

    /** The first sample of a life: rates are not known. */
    public Sample firstAt(Instant slot, double memory) {
        return sample(
                slot,
                new Usage(
                        slot,
                        null,
                        memory,
                        512,
                        true,
                        memory / 5.12,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    /** A sample with this usage. */
    public Sample sample(Instant slot, Usage usage) {
        return new Sample(workload, org, project, host, container, index, slot, interval, usage);
    }
}
