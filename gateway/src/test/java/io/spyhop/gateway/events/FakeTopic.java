package io.spyhop.gateway.events;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.messaging.TopicRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** The topic in memory, with a tail that may leave out and repeat. Thread-safe. */
final class FakeTopic implements EventSource {
    private Consumer<Event> arrived = event -> {};
    private final Random random;
    private final List<List<Event>> partitions = IntStream.range(0, EventSource.PARTITIONS)
            .<List<Event>>mapToObj(p -> new ArrayList<>())
            .toList();
    private boolean watched;
    private int heldFrom;
    int pageRecords = 7;
    double lost;
    double repeated;

    FakeTopic(Random random) {
        this.random = random;
    }

    /** This topic, with the place where its events go. */
    FakeTopic open(Consumer<Event> into) {
        this.arrived = into;
        return this;
    }

    /** Writes a record, which the tail tells, or not. */
    void write(int partition, String org, InstanceTransition.Type type) {
        Event event;
        boolean tell;
        synchronized (this) {
            List<Event> records = partitions.get(partition);
            WorkloadId workload = new WorkloadId("w" + partition);
            String json = "{\"workload\":\"" + workload.value() + "\",\"org\":\"" + org
                    + "\",\"host\":\"local\",\"containerId\":\"c" + records.size() + "\",\"index\":0,\"type\":\""
                    + type.wire() + "\",\"at\":\"" + Instant.EPOCH.plusSeconds(records.size())
                    + "\",\"oomKilled\":false}";
            event = Event.of(
                    new TopicRecord(
                            "topic",
                            partition,
                            records.size(),
                            RecordKey.of(workload),
                            name -> null,
                            json.getBytes(StandardCharsets.UTF_8)),
                    true);
            records.add(event);
            tell = watched && random.nextDouble() >= lost;
        }
        if (tell) {
            arrived.accept(event);
            if (random.nextDouble() < repeated) {
                arrived.accept(event);
            }
        }
    }

    /** Forgets what is before an offset. */
    synchronized void holdFrom(int offset) {
        heldFrom = offset;
    }

    @Override
    public synchronized CompletableFuture<Void> watch() {
        watched = true;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized void unwatch() {
        watched = false;
    }

    synchronized boolean watched() {
        return watched;
    }

    @Override
    public synchronized List<Long> end() {
        return partitions.stream().map(records -> (long) records.size()).toList();
    }

    @Override
    public synchronized Past read(List<Long> from) {
        List<Event> events = new ArrayList<>();
        List<Long> next = new ArrayList<>(from);
        boolean passedOver = false;
        for (int p = 0; p < next.size(); p++) {
            List<Event> records = partitions.get(p);
            if (from.get(p) < Math.min(heldFrom, records.size())) {
                next.set(p, (long) Math.min(heldFrom, records.size()));
                passedOver = true;
            }
            while (next.get(p) < records.size() && events.size() < pageRecords) {
                events.add(records.get(Math.toIntExact(next.get(p))));
                next.set(p, next.get(p) + 1);
            }
        }
        return new Past(events, next, next.equals(end()), passedOver);
    }

    @Override
    public void close() {}
}
