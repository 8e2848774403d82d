package io.spyhop.messaging;

import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.trace.CurrentTrace;
import io.spyhop.contracts.trace.TraceContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the live end of chosen partitions of a topic, without a group and without positions: what was written while
 * nobody listened is not seen here, and a broken broker may cost records. Readers notice gaps by numbers. Thread-safe.
 */
public final class TopicTail implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(TopicTail.class);

    private final Topic topic;
    private final Consumer<TopicRecord> handler;
    private final PollLoop loop;
    /** What other threads ask for. */
    private final BlockingQueue<Runnable> commands = new LinkedBlockingQueue<>();

    /** Only the tail's thread touches the rest. */
    private final Map<Integer, Watch> watches = new HashMap<>();

    /** Who watches a partition, and who waits until that is so. */
    private static final class Watch {
        int watchers;
        boolean positioned;
        final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    }

    /**
     * Prepares a tail; no partition is read before it is watched.
     *
     * @param handler called on the tail's own thread; must not block
     */
    public TopicTail(KafkaConnection connection, Topic topic, Consumer<TopicRecord> handler) {
        this.topic = topic;
        this.handler = handler;
        this.loop = new PollLoop(
                connection.service() + "-" + topic.name() + "-tail",
                topic.name(),
                () -> new KafkaConsumer<>(ClientConfig.tail(connection)),
                this::tail);
        loop.start();
    }

    /**
     * Reads a partition from now on; counted, so that as many {@link #unwatch} calls end it. Completes once every record
     * written afterwards will be seen; while the broker is away it completes when the broker is back. It is cancelled by
     * the last {@link #unwatch} and by {@link #close}.
     */
    public CompletableFuture<Void> watch(int partition) {
        if (partition < 0 || partition >= Topic.PARTITIONS) {
            throw new IllegalArgumentException("no such partition: " + partition);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        command(() -> {
            Watch watch = watches.computeIfAbsent(partition, p -> new Watch());
            watch.watchers++;
            if (watch.positioned) {
                done.complete(null);
            } else {
                watch.waiting.add(done);
            }
        });
        if (!loop.running()) {
            done.cancel(false);
        }
        return done;
    }

    /** Ends one {@link #watch} of the partition. */
    public void unwatch(int partition) {
        command(() -> {
            Watch watch = watches.get(partition);
            if (watch != null && --watch.watchers == 0) {
                watches.remove(partition);
                cancel(watch);
            }
        });
    }

    @Override
    public void close() {
        loop.stop();
        // Where nothing is watched the thread waits for a command.
        commands.add(() -> {});
        loop.close();
        // The loop has ended, so its state may be touched here; what was asked too late is cancelled with the rest.
        runCommands();
        watches.values().forEach(TopicTail::cancel);
        watches.clear();
    }

    private void command(Runnable command) {
        commands.add(command);
        loop.wakeup();
    }

    private static void cancel(Watch watch) {
        watch.waiting.forEach(done -> done.cancel(false));
        watch.waiting.clear();
    }

    private void tail(org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer) throws InterruptedException {
        // Another consumer begins at the ends again.
        watches.values().forEach(watch -> watch.positioned = false);
        Set<Integer> assigned = new HashSet<>();
        while (loop.running()) {
            try {
                runCommands();
                assign(consumer, assigned);
                if (assigned.isEmpty()) {
                    commands.take().run();
                    continue;
                }
                position(consumer);
                deliver(consumer.poll(Limits.POLL));
                loop.worked();
            } catch (WakeupException e) {
                // Somebody asks for something, or closes.
            }
        }
    }

    private void runCommands() {
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            command.run();
        }
    }

    private void assign(org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer, Set<Integer> assigned) {
        Set<Integer> wanted = watches.keySet();
        if (wanted.equals(assigned)) {
            return;
        }
        // Partitions that stay assigned keep their positions.
        consumer.assign(wanted.stream().map(this::partition).toList());
        List<TopicPartition> added = wanted.stream()
                .filter(p -> !assigned.contains(p))
                .map(this::partition)
                .toList();
        if (!added.isEmpty()) {
            consumer.seekToEnd(added);
        }
        assigned.clear();
        assigned.addAll(wanted);
    }

    /** A seek to the end is lazy: asking for the position makes it happen, and from there on nothing is missed. */
    private void position(org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer) {
        for (Map.Entry<Integer, Watch> entry : watches.entrySet()) {
            Watch watch = entry.getValue();
            if (watch.positioned) {
                continue;
            }
            try {
                consumer.position(partition(entry.getKey()), Limits.LOOKUP);
            } catch (TimeoutException e) {
                // The broker is away; the next round asks again.
                return;
            }
            watch.positioned = true;
            watch.waiting.forEach(done -> done.complete(null));
            watch.waiting.clear();
        }
    }

    private void deliver(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> raw : records) {
            if (!loop.running()) {
                return;
            }
            try {
                TopicRecord readable = Records.of(raw);
                TraceContext trace = readable.trace();
                if (trace == null) {
                    handler.accept(readable);
                } else {
                    CurrentTrace.run(trace, () -> handler.accept(readable));
                }
            } catch (Records.UnreadableException | RuntimeException e) {
                LOGGER.atError()
                        .addKeyValue("topic", raw.topic())
                        .addKeyValue("partition", raw.partition())
                        .setCause(e)
                        .log("A record of a tail could not be handled; passing over it.");
            }
        }
    }

    private TopicPartition partition(int number) {
        return new TopicPartition(topic.name(), number);
    }
}
