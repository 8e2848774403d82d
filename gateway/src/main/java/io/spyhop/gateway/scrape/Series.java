package io.spyhop.gateway.scrape;

import io.spyhop.contracts.metric.ContainerCounters;
import io.spyhop.contracts.workload.WorkloadIdentity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One container with its labels as they stand behind every name. The labels are a fixed list: nothing that a container may
 * name freely becomes one. Immutable.
 */
record Series(ContainerCounters counters, String labels) {
    /** By workload, so that two scrapes have the same order. */
    static final Comparator<Series> ORDER = Comparator.comparing(
                    (Series each) -> each.counters().workload().id())
            .thenComparingInt(each -> each.counters().index())
            .thenComparing(each -> each.counters().containerId());

    static Series of(ContainerCounters counters) {
        WorkloadIdentity workload = counters.workload();
        List<String> labels = new ArrayList<>();
        add(labels, "id", counters.containerId());
        add(labels, "name", counters.containerName());
        add(labels, "image", counters.image());
        add(labels, "workload", workload.id().value());
        add(labels, "kind", workload.kind().wire());
        add(labels, "org", workload.org());
        add(labels, "project", workload.project());
        add(labels, "deployment", workload.deployment());
        add(labels, "service", workload.service());
        // Prometheus calls its target "instance".
        add(labels, "instance_index", Integer.toString(counters.index()));
        add(labels, "host", counters.host());
        return new Series(counters, "{" + String.join(",", labels) + "}");
    }

    /** The sample of a family, with its line feed; empty where the figure cannot be known. */
    String sample(Family family) {
        String value = family.value().apply(counters);
        return value == null ? "" : family.name() + labels + " " + value + "\n";
    }

    private static void add(List<String> labels, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            labels.add(Exposition.label(name, value));
        }
    }
}
