package io.spyhop.metrics.sample;

import io.spyhop.contracts.metric.Sample;
import io.spyhop.contracts.metric.UsageEvidence;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.contracts.topic.Topic;
import io.spyhop.contracts.topic.Topics;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples and evidence on their way to the broker. What it does not take is sent again until it does; what waits is bounded,
 * and beyond that the oldest samples are given up and counted. Repeats are possible, and readers bear them. Thread-safe.
 */
final class Outbox {
    private static final Logger LOGGER = LoggerFactory.getLogger(Outbox.class);

    /** Sends a record; completes when the broker has it. */
    @FunctionalInterface
    interface Sender {
        CompletableFuture<Void> send(Topic topic, RecordKey key, Object value);
    }

    private record Entry(Topic topic, RecordKey key, Object value, int usages) {}

    private final Sender sender;
    private final SampleMetrics metrics;
    private final int usagesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Entry> queue = new ArrayDeque<>();
    private final Thread thread = Thread.ofVirtual().name("metrics-outbox").unstarted(this::run);
    private int usages;
    private int sent;
    private long pausedUntilNanos = System.nanoTime();
    private boolean away;
    private boolean closed;

    Outbox(Sender sender, SampleMetrics metrics, int usagesMax) {
        this.sender = sender;
        this.metrics = metrics;
        this.usagesMax = usagesMax;
    }

    void start() {
        thread.start();
    }

    /** Sends samples, without waiting. */
    void offer(List<Sample> samples) {
        add(samples.stream()
                .map(sample -> new Entry(Topics.SAMPLES, sample.key(), sample, 1))
                .toList());
    }

    /** Sends what is known of a life's end, without waiting. */
    void offer(UsageEvidence evidence) {
        add(List.of(new Entry(
                Topics.EVIDENCE, evidence.key(), evidence, 1 + evidence.usages().size())));
    }

    /** How many records wait for the broker's word. */
    int waiting() {
        lock.lock();
        try {
            return queue.size() + sent;
        } finally {
            lock.unlock();
        }
    }

    /** Waits a while for what waits, then stops. */
    void close() throws InterruptedException {
        lock.lock();
        try {
            long left = SampleLimits.OUTBOX_CLOSE.toNanos();
            while (queue.size() + sent > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        thread.join();
    }

    private void add(List<Entry> entries) {
        lock.lock();
        try {
            for (Entry entry : entries) {
                queue.addLast(entry);
                usages += entry.usages();
            }
            dropWhatIsTooMuch();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void dropWhatIsTooMuch() {
        int before = usages;
        for (Iterator<Entry> each = queue.iterator(); usages > usagesMax && each.hasNext(); ) {
            Entry oldest = each.next();
            each.remove();
            usages -= oldest.usages();
        }
        if (usages < before) {
            metrics.dropped(before - usages);
        }
    }

    private void run() {
        try {
            for (Entry next = next(); next != null; next = next()) {
                Entry entry = next;
                var _ = sender.send(entry.topic(), entry.key(), entry.value())
                        .whenComplete((done, e) -> completed(entry, e));
            }
        } catch (InterruptedException e) {
            // Nobody interrupts it: the process ends.
            Thread.currentThread().interrupt();
        }
    }

    /** The next to send, once one may be sent; null at the end. */
    private @Nullable Entry next() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                long pause = pausedUntilNanos - System.nanoTime();
                if (pause <= 0 && !queue.isEmpty() && sent < SampleLimits.OUTBOX_SENT) {
                    sent++;
                    return queue.removeFirst();
                }
                var _ = changed.await(pause > 0 ? pause : Long.MAX_VALUE, TimeUnit.NANOSECONDS);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void completed(Entry entry, @Nullable Throwable failure) {
        lock.lock();
        try {
            sent--;
            if (failure == null) {
                usages -= entry.usages();
            } else if (failure instanceof IllegalArgumentException) {
                // It cannot be written, today or tomorrow, and must not hold up the others.
                usages -= entry.usages();
                metrics.dropped(entry.usages());
                LOGGER.atError().setCause(failure).log("A record of resource use cannot be written and is given up.");
            } else {
                metrics.publishFailed();
                queue.addFirst(entry);
                dropWhatIsTooMuch();
                pausedUntilNanos = System.nanoTime() + SampleLimits.OUTBOX_PAUSE.toNanos();
            }
            tell(failure instanceof IllegalArgumentException ? null : failure);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void tell(@Nullable Throwable failure) {
        if (failure != null && !away) {
            away = true;
            LOGGER.atWarn()
                    .addKeyValue("error", failure.toString())
                    .log("The broker takes no samples; they are kept and sent again.");
        } else if (failure == null && away) {
            away = false;
            LOGGER.atInfo().log("The broker takes samples again.");
        }
    }
}
