package io.spyhop.jobs;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.messaging.TopicAdmin;
import io.spyhop.messaging.WorkloadTable;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The workloads whose jobs this replica runs, and their containers; runs, which are workloads too, are left out. From the
 * application's start to its end. Thread-safe.
 */
@ApplicationScoped
public class JobsShare implements WorkloadTable.Listener<InstanceState> {
    private final JobsConnections connections;
    private final WorkloadTable<InstanceState> table;
    private final Map<WorkloadId, Map<String, InstanceState>> instances = new ConcurrentHashMap<>();
    private final List<Consumer<InstanceState>> listeners = new CopyOnWriteArrayList<>();
    private final Set<Integer> known = ConcurrentHashMap.newKeySet();
    private final List<Runnable> shareListeners = new CopyOnWriteArrayList<>();

    @Inject
    JobsShare(JobsConnections connections) {
        this.connections = connections;
        this.table = new WorkloadTable<>(connections.kafka(), Topics.INSTANCES, InstanceState.class, List.of(), this);
    }

    /** Begins once a broker answers; the start does not wait for it. */
    void start(@Observes StartupEvent event) {
        TopicAdmin.whenEnsured(connections.kafka(), table::start, () -> {});
    }

    /** Others take over at once. */
    void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) ShutdownEvent event) {
        table.close();
    }

    /** Tells of each container that appeared or changed, on the table's thread: must not block. Called before the start. */
    public void onChange(Consumer<InstanceState> listener) {
        listeners.add(listener);
    }

    /**
     * Tells that this replica owns other partitions than before, or that a container is gone; must not block. Of a partition without
     * a container it does not: whoever depends on it looks now and then, and soon while this replica is not {@link #ready}.
     */
    public void onShare(Runnable listener) {
        shareListeners.add(listener);
    }

    /** Whether this replica knows its workloads. */
    public boolean ready() {
        return table.loaded();
    }

    /** The partitions that this replica owns, and with them the workloads whose ids they are computed from. */
    public Set<Integer> partitions() {
        return table.partitions();
    }

    /** Whether this replica runs the jobs of a workload. */
    public boolean owns(WorkloadId workload) {
        return partitions().contains(RecordKey.partitionOf(workload.value()));
    }

    /** The existing containers of a workload, the newest generation first, and in it the lowest index. */
    public List<InstanceState> instances(WorkloadId workload) {
        return instances.getOrDefault(workload, Map.of()).values().stream()
                .sorted(Comparator.comparingInt(InstanceState::generation)
                        .reversed()
                        .thenComparingInt(InstanceState::index))
                .toList();
    }

    /** All existing containers of this replica's workloads. */
    public List<InstanceState> instances() {
        return instances.values().stream()
                .flatMap(each -> each.values().stream())
                .toList();
    }

    /** How many workloads have existing containers. */
    int workloadCount() {
        return instances.size();
    }

    @Override
    public void changed(RecordKey key, InstanceState value) {
        if (value.workload().kind() == Kind.JOB_RUN) {
            return;
        }
        instances
                .computeIfAbsent(value.workload().id(), id -> new ConcurrentHashMap<>())
                .put(value.containerId(), value);
        if (known.add(RecordKey.partitionOf(value.workload().id().value()))) {
            shareListeners.forEach(Runnable::run);
        }
        listeners.forEach(listener -> listener.accept(value));
    }

    @Override
    public void removed(RecordKey key, InstanceState last) {
        instances.computeIfPresent(last.workload().id(), (id, each) -> {
            each.remove(last.containerId());
            return each.isEmpty() ? null : each;
        });
        shareListeners.forEach(Runnable::run);
    }

    @Override
    public void lost(int partition) {
        known.remove(partition);
        instances.keySet().removeIf(workload -> RecordKey.partitionOf(workload.value()) == partition);
        shareListeners.forEach(Runnable::run);
    }
}
