package io.spyhop.metrics.sample;

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

/** The workloads that this replica samples, from the application's start to its end. Thread-safe. */
@ApplicationScoped
class SampleShare implements WorkloadTable.Listener<InstanceState> {
    private final SampleConnections connections;
    private final Outbox outbox;
    private final Sampler sampler;
    private final WorkloadTable<InstanceState> table;

    @Inject
    SampleShare(SampleConnections connections, SampleMetrics metrics, SampleConfig config) {
        this.connections = connections;
        this.outbox = new Outbox(connections.publisher()::publishJson, metrics, SampleLimits.OUTBOX_USAGES);
        this.sampler = new Sampler(connections::counters, outbox, metrics, config.interval(), Clock.systemUTC());
        this.table = new WorkloadTable<>(connections.kafka(), Topics.INSTANCES, InstanceState.class, List.of(), this);
    }

    /** Begins once a broker answers; the start does not wait for it. */
    void start(@Observes StartupEvent event) {
        outbox.start();
        sampler.start();
        TopicAdmin.whenEnsured(connections.kafka(), table::start, () -> Quarkus.asyncExit(1));
    }

    /** Lets go of the share first, so that others take over while the last samples are sent. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        table.close();
        sampler.stop();
        outbox.close();
    }

    /** Who measures. */
    Sampler sampler() {
        return sampler;
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
    public void changed(RecordKey key, InstanceState instance) {
        sampler.changed(instance);
    }

    @Override
    public void removed(RecordKey key, InstanceState last) {
        sampler.removed(last);
    }

    @Override
    public void lost(int partition) {
        sampler.lost(partition);
    }
}
