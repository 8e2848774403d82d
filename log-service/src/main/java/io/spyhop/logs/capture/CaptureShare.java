package io.spyhop.logs.capture;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.CaptureWays;
import io.spyhop.contracts.log.IngestRecord;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.logs.LogConnections;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.LogMetrics;
import io.spyhop.logs.store.BatchPublisher;
import io.spyhop.logs.store.ChunkStore;
import io.spyhop.logs.store.DiskGuard;
import io.spyhop.logs.store.StoreLoop;
import io.spyhop.messaging.PoisonException;
import io.spyhop.messaging.TopicAdmin;
import io.spyhop.messaging.TopicRecord;
import io.spyhop.messaging.WorkloadTable;
import io.spyhop.messaging.WorkloadTable.Acknowledgement;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workloads whose logs this replica captures: one {@link WorkloadCapture} for each that it owns. Every instance that it
 * is told of is told on within this process, on the table's thread.
 */
@ApplicationScoped
public class CaptureShare implements WorkloadTable.Listener<InstanceState> {
    private static final Logger LOGGER = LoggerFactory.getLogger(CaptureShare.class);

    private final CaptureContext context;
    private final LogConnections connections;
    private final ObjectMapper json;
    private final Event<InstanceState> seen;
    private final WorkloadTable<InstanceState> table;
    private final Map<WorkloadId, WorkloadCapture> captures = new ConcurrentHashMap<>();

    @Inject
    CaptureShare(
            ChunkStore store,
            StoreLoop storeLoop,
            BatchPublisher publisher,
            DiskGuard disk,
            Evidence evidence,
            KeptWorkloads keptWorkloads,
            LogConnections connections,
            LogMetrics metrics,
            CaptureConfig config,
            ObjectMapper json,
            Event<InstanceState> seen) {
        this.context = new CaptureContext(
                store,
                storeLoop,
                publisher,
                disk,
                evidence,
                keptWorkloads,
                connections::engine,
                metrics,
                config.backfill(),
                LogLimits.SILENCE,
                this::retire);
        this.connections = connections;
        this.json = json;
        this.seen = seen;
        this.table = new WorkloadTable<>(
                connections.kafka(),
                Topics.INSTANCES,
                InstanceState.class,
                List.of(Topics.TRANSITIONS, Topics.INGEST),
                this);
    }

    /** Begins once a broker answers; the start does not wait for it. */
    void start(@Observes StartupEvent event) {
        connections.prepareLogs();
        TopicAdmin.whenEnsured(connections.kafka(), table::start, () -> Quarkus.asyncExit(1));
    }

    /** Lets go of the share first, so that others take over while the last lines are stored. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        table.close();
        List<WorkloadCapture> ending = new ArrayList<>(captures.values());
        ending.forEach(WorkloadCapture::stop);
        for (WorkloadCapture capture : ending) {
            capture.join();
        }
        context.storeLoop().stop();
    }

    /** Whether every owned workload is taken over and followed. */
    public boolean ready() {
        return table.loaded() && captures.values().stream().allMatch(WorkloadCapture::ready);
    }

    /** The partitions that this replica owns, and with them the workloads whose ids they are computed from. */
    public Set<Integer> partitions() {
        return table.partitions();
    }

    /** How many workloads this replica watches. */
    public int workloadCount() {
        return captures.size();
    }

    /** How many existing containers this replica watches. */
    public int instanceCount() {
        return captures.values().stream()
                .mapToInt(WorkloadCapture::instanceCount)
                .sum();
    }

    /** How many logs this replica is reading in which way, by host. */
    Map<String, CaptureWays> ways() {
        Map<String, CaptureWays> ways = new HashMap<>();
        captures.values().forEach(capture -> capture.countWays(ways));
        return ways;
    }

    @Override
    public void changed(RecordKey key, InstanceState instance) {
        tell(instance.workload().id(), capture -> capture.changed(instance));
        seen.fire(instance);
    }

    @Override
    public void removed(RecordKey key, InstanceState last) {
        tell(last.workload().id(), capture -> capture.removed(last.containerId()));
    }

    @Override
    public void companion(TopicRecord record, Acknowledgement acknowledgement) {
        if (record.value() == null) {
            acknowledgement.done();
            return;
        }
        if (record.topic().equals(Topics.INGEST.name())) {
            ingested(record, acknowledgement);
        } else {
            happened(record, acknowledgement);
        }
    }

    private void happened(TopicRecord record, Acknowledgement acknowledgement) {
        InstanceTransition transition = read(record, InstanceTransition.class, "not a transition");
        LOGGER.atDebug()
                .addKeyValue("workload", transition.workload())
                .addKeyValue("instance", transition.containerId())
                .log("A transition arrived.");
        if (transition.type() == InstanceTransition.Type.UNKNOWN) {
            acknowledgement.done();
            return;
        }
        tell(transition.workload(), capture -> capture.happened(new PendingTransition(transition, acknowledgement)));
    }

    private void ingested(TopicRecord record, Acknowledgement acknowledgement) {
        IngestRecord lines = read(record, IngestRecord.class, "not lines of a source");
        if (!record.key().owner().equals(lines.workload().value())) {
            throw new PoisonException(record, "of another workload than its key", new IllegalArgumentException());
        }
        tell(lines.workload(), capture -> capture.ingested(new PendingIngest(lines, acknowledgement)));
    }

    private <T> T read(TopicRecord record, Class<T> type, String otherwise) {
        try {
            T value = json.readValue(record.value(), type);
            if (value == null) {
                throw new IOException("null");
            }
            return value;
        } catch (IOException e) {
            throw new PoisonException(record, otherwise, e);
        }
    }

    @Override
    public void lost(int partition) {
        for (Iterator<Map.Entry<WorkloadId, WorkloadCapture>> each =
                        captures.entrySet().iterator();
                each.hasNext(); ) {
            Map.Entry<WorkloadId, WorkloadCapture> entry = each.next();
            if (RecordKey.partitionOf(entry.getKey().value()) == partition) {
                each.remove();
                entry.getValue().stop();
            }
        }
    }

    /** Tells the workload's capture, which is started if need be; never one that is about to retire. */
    private void tell(WorkloadId workload, Consumer<WorkloadCapture> news) {
        captures.compute(workload, (id, present) -> {
            WorkloadCapture capture = present;
            if (capture == null) {
                capture = new WorkloadCapture(id, context);
                capture.start();
            }
            news.accept(capture);
            return capture;
        });
    }

    private boolean retire(WorkloadCapture capture) {
        WorkloadCapture kept = captures.computeIfPresent(
                capture.workload(), (id, present) -> present == capture && capture.idle() ? null : present);
        return kept != capture;
    }
}
