package io.spyhop.gateway.ports;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.contracts.setting.SpyhopConfig;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.messaging.KafkaConfig;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicAdmin;
import io.spyhop.messaging.WorkloadTable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The listening ports of all instances, as the topic tells them. Each gateway knows all: it is a group of its own. While
 * the broker is away the last that was told holds. Thread-safe; never blocks.
 */
@ApplicationScoped
public class PortsTable implements WorkloadTable.Listener<ListeningPorts> {
    /** Of an instance whose container was made anew, the one that lives, else the newest. */
    private static final Comparator<ListeningPorts> PRESENT = Comparator.<ListeningPorts, Boolean>comparing(
                    instance -> instance.pid() != null || !instance.ports().isEmpty())
            .thenComparing(ListeningPorts::at);

    private final KafkaConnection connection;
    private final WorkloadTable<ListeningPorts> table;
    private final Map<WorkloadId, Map<String, ListeningPorts>> workloads = new ConcurrentHashMap<>();

    @Inject
    PortsTable(KafkaConfig kafka, SpyhopConfig spyhop) {
        this.connection = KafkaConnection.configured("gateway-" + spyhop.replica(), kafka, spyhop);
        this.table = new WorkloadTable<>(connection, Topics.PORTS, ListeningPorts.class, List.of(), this);
    }

    void start(@Observes StartupEvent event) {
        TopicAdmin.whenEnsured(connection, table::start, () -> Quarkus.asyncExit(1));
    }

    void stop(@Observes ShutdownEvent event) {
        table.close();
    }

    /** Whether all that was announced is known. */
    public boolean loaded() {
        return table.loaded();
    }

    /** The containers of a workload that ports were found of, present or gone, by index; those made anew too. */
    public List<ListeningPorts> of(WorkloadId workload) {
        return workloads.getOrDefault(workload, Map.of()).values().stream()
                .sorted(Comparator.comparingInt(ListeningPorts::index).thenComparing(PRESENT))
                .toList();
    }

    /** One instance. */
    public Optional<ListeningPorts> find(WorkloadId workload, int index) {
        return workloads.getOrDefault(workload, Map.of()).values().stream()
                .filter(instance -> instance.index() == index)
                .max(PRESENT);
    }

    /** All of them: to find one by another name than its own. */
    public Collection<ListeningPorts> all() {
        return workloads.values().stream()
                .flatMap(instances -> instances.values().stream())
                .toList();
    }

    @Override
    public void changed(RecordKey key, ListeningPorts value) {
        put(value.workload(), value.containerId(), value);
    }

    @Override
    public void removed(RecordKey key, ListeningPorts last) {
        put(last.workload(), last.containerId(), null);
    }

    @Override
    public void lost(int partition) {
        workloads.keySet().removeIf(workload -> RecordKey.partitionOf(workload.value()) == partition);
    }

    private void put(WorkloadId workload, String containerId, @Nullable ListeningPorts value) {
        workloads.compute(workload, (id, known) -> {
            Map<String, ListeningPorts> next = known == null ? new HashMap<>() : new HashMap<>(known);
            if (value == null) {
                next.remove(containerId);
            } else {
                next.put(containerId, value);
            }
            return next.isEmpty() ? null : Map.copyOf(next);
        });
    }
}
