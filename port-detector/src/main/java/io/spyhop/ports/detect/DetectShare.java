package io.spyhop.ports.detect;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.messaging.TopicAdmin;
import io.spyhop.messaging.WorkloadTable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/** The workloads that this replica looks at, from the application's start to its end. Thread-safe. */
@ApplicationScoped
class DetectShare implements WorkloadTable.Listener<InstanceState>, Detector.Share {
    private final DetectConnections connections;
    private final Detector detector;
    private final WorkloadTable<InstanceState> table;

    @Inject
    DetectShare(DetectConnections connections, DetectMetrics metrics, DetectConfig config) {
        this.connections = connections;
        this.detector = new Detector(
                connections,
                connections.records(),
                this,
                metrics,
                config.interval(),
                config.localInterval(),
                Clock.systemUTC());
        this.table = new WorkloadTable<>(connections.kafka(), Topics.INSTANCES, InstanceState.class, List.of(), this);
    }

    /** Begins once a broker answers; the start does not wait for it. */
    void start(@Observes StartupEvent event) {
        detector.start();
        TopicAdmin.whenEnsured(connections.kafka(), table::start, () -> Quarkus.asyncExit(1));
    }

    /** Lets go of the share first, so that others take over. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        table.close();
        detector.stop();
    }

    /** Whether every owned workload is known. */
    boolean ready() {
        return table.loaded();
    }

    /** How many partitions this replica owns. */
    int partitionCount() {
        return table.partitions().size();
    }

    /** How many workloads it owns. */
    long workloadCount() {
        return table.workloadCount();
    }

    /** How many existing containers they have. */
    int instanceCount() {
        return table.snapshot().size();
    }

    @Override
    public Set<Integer> partitions() {
        return table.loaded() ? table.partitions() : Set.of();
    }

    @Override
    public Set<RecordKey> containers() {
        return table.snapshot().keySet();
    }

    @Override
    public void changed(RecordKey key, InstanceState instance) {
        detector.changed(instance);
    }

    @Override
    public void removed(RecordKey key, InstanceState last) {
        detector.removed(key);
    }

    @Override
    public void lost(int partition) {
        detector.lost(partition);
    }
}
