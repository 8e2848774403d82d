package io.spyhop.messaging;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one consumer on one platform daemon thread: a Kafka consumer belongs to a single thread, and blocks it for
 * most of its life. The body polls until the loop is closed; when it throws, the consumer is closed without leaving its
 * group, and after a pause the body runs again with a new one. Thread-safe.
 */
final class PollLoop implements AutoCloseable {
    /** What is done with a consumer. */
    @FunctionalInterface
    interface Body {
        /** Polls while {@link PollLoop#running}; commits what is to be committed before it returns. */
        void run(Consumer<byte[], byte[]> consumer) throws InterruptedException;
    }

    private static final Logger LOGGER = LoggerFactory.getLogger(PollLoop.class);

    private final String topic;
    private final Supplier<KafkaConsumer<byte[], byte[]>> open;
    private final Body body;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Backoff backoff = new Backoff();
    private volatile @Nullable KafkaConsumer<byte[], byte[]> current;

    PollLoop(String name, String topic, Supplier<KafkaConsumer<byte[], byte[]>> open, Body body) {
        this.topic = topic;
        this.open = open;
        this.body = body;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    boolean running() {
        return closing.getCount() > 0;
    }

    /** Ends a poll that is under way. */
    void wakeup() {
        KafkaConsumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    /** Waits, unless the loop is closed meanwhile. */
    void pause(Duration duration) throws InterruptedException {
        closing.await(duration.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The body works: the next failure pauses briefly. */
    void worked() {
        backoff.reset();
    }

    /** Tells the body to end, without waiting for it. */
    void stop() {
        closing.countDown();
        wakeup();
    }

    /** Ends the body and waits for it; one that does not end in time is interrupted. */
    @Override
    public void close() {
        stop();
        if (Thread.currentThread().equals(thread) || thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            if (!thread.join(Limits.CLOSE_HANDLER)) {
                LOGGER.atWarn()
                        .addKeyValue("topic", topic)
                        .log("A handler did not end while its consumer is closing; interrupting it.");
                thread.interrupt();
                thread.join(Limits.CLOSE);
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (running()) {
            try {
                runOnce();
            } catch (Throwable e) {
                // Errors too: without this thread the service would go on, but deaf.
                if (!reportAndPause(e)) {
                    return;
                }
            }
        }
    }

    private void runOnce() throws InterruptedException {
        KafkaConsumer<byte[], byte[]> consumer = open.get();
        current = consumer;
        try {
            body.run(consumer);
        } catch (WakeupException e) {
            // Either the loop is closing, or the body runs again with a new consumer.
        } finally {
            current = null;
            close(consumer, !running());
        }
    }

    private static void close(KafkaConsumer<byte[], byte[]> consumer, boolean leave) {
        // While shares are divided nothing is assigned, and the broker reads no further before it has answered that.
        Duration patience = consumer.assignment().isEmpty() ? Limits.CLOSE : Limits.LEAVE;
        // A static member stays in its group by default, and the others would wait for the end of its session.
        consumer.close(CloseOptions.timeout(patience)
                .withGroupMembershipOperation(
                        leave ? GroupMembershipOperation.LEAVE_GROUP : GroupMembershipOperation.REMAIN_IN_GROUP));
    }

    private boolean reportAndPause(Throwable e) {
        if (!running()) {
            return false;
        }
        LOGGER.atError().addKeyValue("topic", topic).setCause(e).log("A consumer failed; opening it again.");
        try {
            pause(backoff.next());
            return true;
        } catch (InterruptedException interrupted) {
            return false;
        }
    }
}
