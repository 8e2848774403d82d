package io.spyhop.logs.number;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.Stream;
import io.spyhop.logs.LogLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkloadLogTest {
    private final AtomicInteger dirty = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final WorkloadLog log = new WorkloadLog(
            new WorkloadId("w"),
            3,
            41,
            new UnstoredBytes(),
            changed -> dirty.incrementAndGet(),
            failures::incrementAndGet);
    private final StreamCursor stdout = new StreamCursor(StreamPosition.none("c", Stream.STDOUT));
    private final StreamCursor system = new StreamCursor(StreamPosition.none("c", Stream.SYSTEM));

    @Test
    void shouldNumberFromTheStoredPositionOn() throws Exception {
        // When
        append(10, "a");
        append(10, "b");
        // Then
        assertThat(dirty).hasValue(1);
        SealedBatch batch = log.take(Integer.MAX_VALUE).getFirst();
        assertThat(batch.firstLine()).isEqualTo(42);
        assertThat(batch.lastLine()).isEqualTo(43);
        assertThat(batch.epoch()).isEqualTo(3);
        assertThat(batch.positions()).containsExactly(new StreamPosition("c", Stream.STDOUT, 10, 2, 0, 43));
        assertThat(new String(batch.ndjson(), 0, batch.length(), UTF_8).lines())
                .allMatch(row -> row.startsWith("{\"lineNo\":4"))
                .hasSize(2);
    }

    @Test
    void shouldKeepTheOrdinalOfASourceThatCountsAsOfEachBatch() throws Exception {
        // Given
        StreamCursor source = new StreamCursor(new StreamPosition("s", Stream.STDOUT, 6, 1, 0, 0));
        List<String> stored = new ArrayList<>();
        // When
        appendCounted(source, 9, 30, "a", () -> stored.add("a"));
        List<SealedBatch> first = log.take(Integer.MAX_VALUE);
        appendCounted(source, 12, 20, "b", () -> stored.add("b"));
        // Then
        assertThat(first.getFirst().positions()).containsExactly(new StreamPosition("s", Stream.STDOUT, 9, 1, 0, 42));
        log.stored(first);
        assertThat(stored).containsExactly("a");
        assertThat(log.take(Integer.MAX_VALUE).getFirst().positions())
                .containsExactly(new StreamPosition("s", Stream.STDOUT, 12, 1, 0, 43));
    }

    @Test
    void shouldKeepTheLatestTimeThatAnEarlierOneFollowed() throws Exception {
        // When
        for (long at : new long[] {10, 30, 20, 25, 24}) {
            append(at, "line");
        }
        // Then
        assertThat(takeAll().getLast().positions())
                .containsExactly(new StreamPosition("c", Stream.STDOUT, 24, 1, 30, 46));
    }

    private void appendCounted(StreamCursor source, long ordinal, long at, String text, Runnable stored)
            throws InterruptedException {
        byte[] bytes = text.getBytes(UTF_8);
        Line line = new Line(Stream.STDOUT, at, -1, bytes, 0, bytes.length, false);
        log.append(line, source, ordinal, null, stored);
    }

    @Test
    void shouldTellTheEarliestAndTheLatestTimeOfABatch() throws Exception {
        // When
        append(20, "a");
        append(30, "b");
        append(10, "c");
        append(25, "d");
        // Then
        SealedBatch batch = log.take(Integer.MAX_VALUE).getFirst();
        assertThat(batch.firstAt()).isEqualTo(10);
        assertThat(batch.lastAt()).isEqualTo(30);
    }

    @Test
    void shouldKeepSystemLinesInBatchesOfTheirOwn() throws Exception {
        // Given
        List<String> stored = new ArrayList<>();
        // When
        append(1, "a");
        appendSystem(2, "worker exited", () -> stored.add("exited"));
        append(3, "b");
        // Then
        List<SealedBatch> batches = takeAll();
        assertThat(batches).extracting(SealedBatch::system).containsExactly(false, true, false);
        assertThat(batches).extracting(SealedBatch::firstLine).containsExactly(42L, 43L, 44L);
        log.stored(batches.subList(0, 1));
        assertThat(stored).isEmpty();
        log.stored(batches.subList(1, 3));
        assertThat(stored).containsExactly("exited");
        assertThat(log.clean()).isTrue();
    }

    @Test
    void shouldSealBatchesBySizeAndKeepPositionsAsOfEachBatch() throws Exception {
        // Given
        long now = EpochNanos.of(Instant.now());
        // When
        appendBytes(2 * LogLimits.BATCH_RAW_BYTES, now);
        // Then
        assertSealedAt(LogLimits.BATCH_RAW_BYTES, now);
    }

    @Test
    void shouldMakeLargerBatchesOfHistory() throws Exception {
        // Given
        long longAgo = 1;
        // When
        appendBytes(2 * LogLimits.BATCH_RAW_BYTES_LATE, longAgo);
        // Then
        assertSealedAt(LogLimits.BATCH_RAW_BYTES_LATE, longAgo);
    }

    private void appendBytes(int bytes, long firstAt) throws InterruptedException {
        String text = "x".repeat(1000);
        for (int i = 0; i < bytes / text.length(); i++) {
            append(firstAt + i, text);
        }
    }

    private void assertSealedAt(int bytes, long firstAt) {
        List<SealedBatch> batches = takeAll();
        assertThat(batches).hasSizeGreaterThan(2);
        assertThat(batches.getFirst().length()).isBetween(bytes, bytes + 2000);
        long next = 42;
        for (SealedBatch batch : batches) {
            assertThat(batch.firstLine()).isEqualTo(next);
            assertThat(batch.positions().getFirst().lastAt()).isEqualTo(firstAt + batch.lastLine() - 42);
            next = batch.lastLine() + 1;
        }
    }

    @Test
    void shouldMakeAFollowerWaitUntilThereIsRoom() throws Exception {
        // Given
        String text = "x".repeat(64 * 1024);
        int lines = 2 * LogLimits.WORKLOAD_UNSTORED_BYTES / text.length();
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                for (int i = 1; i <= lines; i++) {
                    append(i, text);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        // When
        await().until(() -> writer.getState() == Thread.State.TIMED_WAITING);
        List<SealedBatch> first = log.take(Integer.MAX_VALUE);

        // Then: what may wait is there, but for an open batch
        assertThat(first.stream().mapToInt(SealedBatch::length).sum())
                .isCloseTo(LogLimits.WORKLOAD_UNSTORED_BYTES, within(2 * text.length()));

        // When
        log.stored(first);
        long last = first.getLast().lastLine();
        while (last < 41 + lines) {
            List<SealedBatch> batches = log.take(LogLimits.TRANSACTION_RAW_BYTES);
            int bytes = batches.stream().mapToInt(SealedBatch::length).sum();
            assertThat(bytes).isLessThan(LogLimits.WORKLOAD_UNSTORED_BYTES + 2 * text.length());
            log.stored(batches);
            last = batches.isEmpty() ? last : batches.getLast().lastLine();
            Thread.onSpinWait();
        }

        // Then
        writer.join();
        assertThat(log.clean()).isTrue();
    }

    @Test
    void shouldRefuseEverythingAfterAFailure() throws Exception {
        // Given
        append(1, "a");
        List<SealedBatch> inStore = log.take(Integer.MAX_VALUE);
        append(2, "b");
        // When
        log.fail();
        // Then
        assertThat(failures).hasValue(1);
        assertThat(log.take(Integer.MAX_VALUE)).isEmpty();
        assertThat(log.unproven()).isEqualTo(inStore);
        assertThatThrownBy(() -> append(3, "c")).isInstanceOf(OwnershipLostException.class);
    }

    private List<SealedBatch> takeAll() {
        List<SealedBatch> all = new ArrayList<>();
        for (List<SealedBatch> some = log.take(1); !some.isEmpty(); some = log.take(1)) {
            all.addAll(some);
        }
        return all;
    }

    private void append(long at, String text) throws InterruptedException {
        byte[] bytes = text.getBytes(UTF_8);
        log.append(new Line(Stream.STDOUT, at, -1, bytes, 0, bytes.length, false), stdout);
    }

    private void appendSystem(long at, String text, Runnable stored) {
        byte[] bytes = text.getBytes(UTF_8);
        log.appendSystem(new Line(Stream.SYSTEM, at, -1, bytes, 0, bytes.length, false), system, null, stored);
    }
}
