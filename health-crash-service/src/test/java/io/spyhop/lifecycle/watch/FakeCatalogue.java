package io.spyhop.lifecycle.watch;

import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.SomeInstance;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.lifecycle.catalogue.Catalogue;
import io.spyhop.lifecycle.catalogue.HostReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A catalogue in memory: every container is a workload of its own, of the kind that its label says. It can be made to fail. Thread-safe. */
final class FakeCatalogue implements Catalogue {
    private final Map<String, InstanceState> present = new ConcurrentHashMap<>();
    private final Map<String, Instant> lastEvents = new ConcurrentHashMap<>();
    private final Map<String, HostReport> reports = new ConcurrentHashMap<>();
    private final AtomicInteger failures = new AtomicInteger();

    /** Lets so many calls fail. */
    void failNext(int calls) {
        failures.set(calls);
    }

    @Override
    public InstanceState seat(String host, ContainerDetails container) {
        answer();
        return present.computeIfAbsent(container.id(), id -> {
            return SomeInstance.of(container.name(), id)
                    .kind(Kind.of(container.labels().getOrDefault("spyhop.kind", Kind.CONTAINER.wire())))
                    .named(container.name())
                    .status(InstanceStatus.CREATING)
                    .image(container.image())
                    .labels(container.labels())
                    .tty(container.tty())
                    .memoryLimit(container.memoryLimitBytes())
                    .created(container.createdAt())
                    .state();
        });
    }

    @Override
    public void keep(InstanceState state) {
        answer();
        present.replace(state.containerId(), state);
    }

    @Override
    public void remove(InstanceState last, Instant at) {
        answer();
        present.remove(last.containerId());
    }

    @Override
    public List<InstanceState> present(String host) {
        answer();
        return present.values().stream()
                .filter(state -> state.host().equals(host))
                .toList();
    }

    @Override
    public Optional<Instant> lastEventAt(String host) {
        return Optional.ofNullable(lastEvents.get(host));
    }

    @Override
    public void keepHost(String host, HostReport report) {
        answer();
        reports.put(host, report);
        if (report.lastEventAt() != null) {
            lastEvents.put(host, report.lastEventAt());
        }
    }

    /** How the watch of a host was when that was last kept; empty before. */
    Optional<HostReport> report(String host) {
        return Optional.ofNullable(reports.get(host));
    }

    private void answer() {
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IllegalStateException("the fake catalogue was told to fail");
        }
    }
}
