package io.spyhop.messaging;

import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceState;
import java.util.List;

/**
 * A service's share of the workloads, for a service that only needs to know them: makes the topics once a broker
 * answers, then joins the service's group. Thread-safe.
 */
public final class WorkloadWatch implements AutoCloseable {
    private final KafkaConnection connection;
    private final WorkloadTable<InstanceState> table;

    /** Prepares a share; nothing happens before {@link #start}. */
    public WorkloadWatch(KafkaConnection connection) {
        this.connection = connection;
        this.table = new WorkloadTable<>(connection, Topics.INSTANCES, InstanceState.class, List.of(), new Silent());
    }

    /** Begins in the background. */
    public void start() {
        TopicAdmin.whenEnsured(connection, table::start, () -> {});
    }

    /** Whether this replica knows all workloads that it owns. */
    public boolean ready() {
        return table.loaded();
    }

    /** How many partitions it owns. */
    public int partitionCount() {
        return table.partitions().size();
    }

    /** How many workloads it owns. */
    public long workloadCount() {
        return table.workloadCount();
    }

    /** How many existing containers they have. */
    public long instanceCount() {
        return table.snapshot().size();
    }

    /** Leaves the group, so that others take the share over. */
    @Override
    public void close() {
        table.close();
    }

    private static final class Silent implements WorkloadTable.Listener<InstanceState> {
        @Override
        public void changed(RecordKey key, InstanceState value) {}

        @Override
        public void removed(RecordKey key, InstanceState last) {}

        @Override
        public void lost(int partition) {}
    }
}
