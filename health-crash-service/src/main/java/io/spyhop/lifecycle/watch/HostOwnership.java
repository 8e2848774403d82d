package io.spyhop.lifecycle.watch;

import io.spyhop.contracts.host.HostState;
import io.spyhop.contracts.topic.HostRecord;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.WorkloadTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shares the hosts among the replicas of this service: whoever owns a host's partition watches it. Thread-safe. Closing
 * stops every watch, then leaves the group, so that a host is not watched twice when it changes hands on purpose.
 */
final class HostOwnership implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(HostOwnership.class);

    private final Set<String> configured;
    private final Function<String, HostWatcher> watchers;
    private final Runnable told;
    private final Map<String, HostWatcher> watched = new ConcurrentHashMap<>();
    private final WorkloadTable<HostRecord> table;

    /**
     * Prepares; nothing is watched before {@link #start}.
     *
     * @param told whenever other hosts are watched than before
     */
    HostOwnership(
            KafkaConnection connection, Set<String> configured, Function<String, HostWatcher> watchers, Runnable told) {
        this.configured = Set.copyOf(configured);
        this.watchers = watchers;
        this.told = told;
        this.table = new WorkloadTable<>(connection, Topics.HOSTS, HostRecord.class, List.of(), new Share());
    }

    void start() {
        table.start();
    }

    /** The watchers of the hosts that this replica owns. */
    List<HostWatcher> watched() {
        return List.copyOf(watched.values());
    }

    /**
     * Whether it is known which hosts this replica owns, and each of them was listed. A host that does not answer does not
     * hold up the others: one that was listed is enough then.
     */
    boolean ready() {
        List<HostWatcher> all = watched();
        return table.loaded()
                && all.stream().allMatch(host -> host.listed() || host.state() == HostState.AWAY)
                && (all.isEmpty() || all.stream().anyMatch(HostWatcher::listed));
    }

    @Override
    public void close() {
        watched.keySet().forEach(this::stop);
        table.close();
        // What the table began meanwhile.
        watched.keySet().forEach(this::stop);
    }

    private void begin(String host) {
        if (!configured.contains(host)) {
            LOGGER.atWarn().addKeyValue("host", host).log("Host is not configured here, nobody watches it.");
            return;
        }
        watched.computeIfAbsent(host, name -> {
            HostWatcher watcher = watchers.apply(name);
            watcher.start();
            return watcher;
        });
        told.run();
    }

    /** Callbacks must not block. */
    private void stopSoon(String host) {
        Thread.ofVirtual().name("watch-stop").start(() -> stop(host));
    }

    private void stop(String host) {
        HostWatcher watcher = watched.remove(host);
        if (watcher != null) {
            watcher.close();
            told.run();
        }
    }

    private final class Share implements WorkloadTable.Listener<HostRecord> {
        @Override
        public void changed(RecordKey key, HostRecord value) {
            begin(value.name());
        }

        @Override
        public void removed(RecordKey key, HostRecord last) {
            stopSoon(last.name());
        }

        @Override
        public void lost(int partition) {
            watched.keySet().stream()
                    .filter(host -> RecordKey.partitionOf(host) == partition)
                    .forEach(HostOwnership.this::stopSoon);
        }
    }
}
