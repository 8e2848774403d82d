package io.spyhop.messaging;

import io.spyhop.contracts.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a topic still holds from given positions on, for readers that come back and know how far they were. A
 * position is a list of offsets, one a partition: that of the next record. Each question opens a consumer and closes it,
 * so that nothing is held for readers who have caught up; few are answered at once, and the others wait. Thread-safe;
 * every method blocks, and throws {@link TopicAwayException} where no broker answers in time.
 */
public final class TopicHistory implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(TopicHistory.class);

    private final KafkaConnection connection;
    private final Topic topic;
    private final List<TopicPartition> partitions;
    /** A Kafka client blocks in ways that would hold a carrier: it gets threads of the platform. */
    private final ExecutorService threads;

    /**
     * Some records, in order within each partition.
     *
     * @param next where to go on
     * @param complete whether this reaches the end, as it was when the reading began
     * @param passedOver whether records are missing before these, because the topic no longer holds them
     */
    public record Page(List<TopicRecord> records, List<Long> next, boolean complete, boolean passedOver) {
        /** Copies. */
        public Page {
            records = List.copyOf(records);
            next = List.copyOf(next);
        }
    }

    /** Prepares; no broker is asked yet. */
    public TopicHistory(KafkaConnection connection, Topic topic) {
        this.connection = connection;
        this.topic = topic;
        this.partitions = IntStream.range(0, Topic.PARTITIONS)
                .mapToObj(number -> new TopicPartition(topic.name(), number))
                .toList();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                Limits.HISTORIES_MAX,
                Limits.HISTORIES_MAX,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform()
                        .daemon()
                        .name(connection.service() + "-" + topic.name() + "-history-", 0)
                        .factory());
        pool.allowCoreThreadTimeOut(true);
        this.threads = pool;
    }

    /** The position after the last record. */
    public List<Long> end() throws InterruptedException {
        return ask(consumer -> inOrder(consumer.endOffsets(partitions, Limits.HISTORY)));
    }

    /**
     * The records from a position on. A position before the first record that is still held begins there; one after the
     * last, which is of a topic that was made anew, begins at the first too.
     *
     * @param recordsMax about how many records are read
     */
    public Page read(List<Long> from, int recordsMax) throws InterruptedException {
        if (from.size() != partitions.size()) {
            throw new IllegalArgumentException("a position has an offset for each partition");
        }
        return ask(consumer -> read(consumer, from, recordsMax));
    }

    /** Ends; who waits for an answer gets none. */
    @Override
    public void close() {
        threads.shutdownNow().forEach(waiting -> {
            if (waiting instanceof Future<?> answer) {
                answer.cancel(false);
            }
        });
    }

    private Page read(Consumer<byte[], byte[]> consumer, List<Long> from, int recordsMax) {
        List<Long> begin = inOrder(consumer.beginningOffsets(partitions, Limits.HISTORY));
        List<Long> end = inOrder(consumer.endOffsets(partitions, Limits.HISTORY));
        long[] next = new long[partitions.size()];
        boolean passedOver = false;
        List<TopicPartition> behind = new ArrayList<>();
        for (int p = 0; p < next.length; p++) {
            boolean held = from.get(p) >= begin.get(p) && from.get(p) <= end.get(p);
            next[p] = held ? from.get(p) : begin.get(p);
            passedOver |= !held;
            if (next[p] < end.get(p)) {
                behind.add(partitions.get(p));
            }
        }
        List<TopicRecord> records = new ArrayList<>();
        consumer.assign(behind);
        behind.forEach(partition -> consumer.seek(partition, next[partition.partition()]));
        long deadline = System.nanoTime() + Limits.HISTORY.toNanos();
        while (records.size() < recordsMax && isBehind(next, end)) {
            for (ConsumerRecord<byte[], byte[]> raw : consumer.poll(Limits.POLL)) {
                add(raw, records);
            }
            // Past what was read, and past holes where nothing is.
            behind.forEach(
                    partition -> next[partition.partition()] = consumer.position(partition, Duration.ofSeconds(1)));
            if (System.nanoTime() - deadline > 0) {
                break;
            }
        }
        List<Long> reached = Arrays.stream(next).boxed().toList();
        return new Page(records, reached, !isBehind(next, end), passedOver);
    }

    private static void add(ConsumerRecord<byte[], byte[]> raw, List<TopicRecord> records) {
        try {
            records.add(Records.of(raw));
        } catch (Records.UnreadableException e) {
            // Whoever follows the topic has said so already, once.
            LOGGER.atDebug()
                    .addKeyValue("topic", raw.topic())
                    .addKeyValue("partition", raw.partition())
                    .setCause(e)
                    .log("A record of the past could not be read; passing over it.");
        }
    }

    private static boolean isBehind(long[] next, List<Long> end) {
        return IntStream.range(0, next.length).anyMatch(p -> next[p] < end.get(p));
    }

    private List<Long> inOrder(Map<TopicPartition, Long> offsets) {
        return partitions.stream()
                .map(partition -> offsets.getOrDefault(partition, 0L))
                .toList();
    }

    private <T> T ask(Function<Consumer<byte[], byte[]>, T> question) throws InterruptedException {
        Future<T> answer;
        try {
            answer = threads.submit(() -> answer(question));
        } catch (RejectedExecutionException e) {
            throw new TopicAwayException("the topic " + topic.name() + " is no longer read", e);
        }
        try {
            return answer.get(Limits.HISTORY_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new TopicAwayException("the topic " + topic.name() + " is not read in time", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException away) {
                throw new TopicAwayException("the topic " + topic.name() + " cannot be read", away);
            }
            throw new IllegalStateException("the topic " + topic.name() + " was not read", e.getCause());
        } catch (CancellationException e) {
            throw new TopicAwayException("the topic " + topic.name() + " is no longer read", e);
        }
    }

    private <T> T answer(Function<Consumer<byte[], byte[]>, T> question) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(ClientConfig.history(connection));
        try {
            return question.apply(consumer);
        } finally {
            // It has no group to leave and nothing to commit.
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }
}
