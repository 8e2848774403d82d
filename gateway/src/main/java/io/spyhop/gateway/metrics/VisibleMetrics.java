package io.spyhop.gateway.metrics;

import io.spyhop.contracts.metric.AggregateQuery;
import io.spyhop.contracts.metric.GroupBy;
import io.spyhop.contracts.metric.InstanceUsage;
import io.spyhop.contracts.metric.SeriesAnswer;
import io.spyhop.contracts.metric.SeriesQuery;
import io.spyhop.contracts.metric.TopBy;
import io.spyhop.gateway.scope.Caller;
import io.spyhop.gateway.services.Services;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Figures of many workloads as one caller may see them: the one place where they are asked for. Thread-safe. */
@ApplicationScoped
class VisibleMetrics {
    private final Services services;

    @Inject
    VisibleMetrics(Services services) {
        this.services = services;
    }

    /** The instances that use most, the greediest first. A foreign org looks like one without workloads. */
    List<InstanceUsage> top(Caller caller, Optional<String> org, TopBy by, int limit) {
        if (org.isPresent() && !caller.sees(org.get())) {
            return List.of();
        }
        ToDoubleFunction<InstanceUsage> figure = switch (by) {
            case CPU -> each -> Optional.ofNullable(each.usage().cpuPct()).orElse(-1.0);
            case MEMORY -> each -> each.usage().memUsedMb();
        };
        return services.usage().top(by, orgs(caller, org), limit).values().stream()
                .filter(each -> caller.sees(each.org()))
                .sorted(Comparator.comparingDouble(figure).reversed().thenComparing(InstanceUsage::containerId))
                .limit(limit)
                .toList();
    }

    /** Figures added up. A foreign org looks like one without workloads. */
    Figures aggregate(Caller caller, Optional<String> org, GroupBy group, SeriesQuery range) {
        if (org.isPresent() && !caller.sees(org.get())) {
            long step = Optional.ofNullable(range.stepSeconds()).orElse(1L);
            return Figures.of(new SeriesAnswer(range.from(), range.to(), step, List.of()), List.of());
        }
        SeriesAnswer answer = services.metrics().aggregate(new AggregateQuery(group, orgs(caller, org), range));
        return Figures.of(answer, answer.series());
    }

    private static List<String> orgs(Caller caller, Optional<String> org) {
        return org.map(List::of).orElseGet(caller::orgList);
    }
}
