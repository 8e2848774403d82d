package io.spyhop.logs.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.Stream;
import io.spyhop.logs.number.Line;
import io.spyhop.logs.number.StreamCursor;
import io.spyhop.logs.number.StreamPosition;
import io.spyhop.logs.number.UnstoredBytes;
import io.spyhop.logs.number.WorkloadLog;
import org.junit.jupiter.api.Test;

class RepeatFilterTest {
    private final WorkloadLog log = new WorkloadLog(
            new WorkloadId("w"),
            1,
            0,
            new UnstoredBytes(),
            changed -> changed.stored(changed.take(Integer.MAX_VALUE)),
            () -> {});

    @Test
    void shouldDropWhatIsStoredWhenResuming() throws Exception {
        // Given two lines stored at time 100
        Reader reader = new Reader(100, 2);
        // Then
        assertThat(reader.takes(99, "before")).isFalse();
        assertThat(reader.takes(100, "a")).isFalse();
        assertThat(reader.takes(100, "b")).isFalse();
        assertThat(reader.takes(100, "a third at the same time")).isTrue();
        assertThat(reader.takes(101, "after")).isTrue();
    }

    @Test
    void shouldCountAgainAtEachReopening() throws Exception {
        // Given
        Reader reader = new Reader(0, 0);
        reader.takes(5, "a");
        reader.takes(5, "b");
        // When
        reader.filter.resume();
        // Then
        assertThat(reader.takes(5, "a")).isFalse();
        assertThat(reader.takes(5, "b")).isFalse();
        assertThat(reader.takes(5, "c")).isTrue();
    }

    @Test
    void shouldDropRepeatsWhileFollowing() throws Exception {
        // Given
        Reader reader = new Reader(0, 0);
        for (int i = 1; i <= 50_000; i++) {
            assertThat(reader.takes(i * 1000L, "line " + i)).isTrue();
        }
        // When the engine sends the newest 40 000 lines again
        for (int i = 10_001; i <= 50_000; i++) {
            assertThat(reader.takes(i * 1000L, "line " + i)).isFalse();
        }
        // Then
        assertThat(reader.takes(50_001_000L, "line 50001")).isTrue();
    }

    @Test
    void shouldKeepOlderLinesThatNeverCameBefore() throws Exception {
        // Given
        Reader reader = new Reader(0, 0);
        reader.takes(1000, "a");
        // Then the clock was set back
        assertThat(reader.takes(500, "b")).isTrue();
        assertThat(reader.takes(501, "c")).isTrue();
        assertThat(reader.takes(501, "c")).isTrue();
    }

    @Test
    void shouldDropUpToTheLastStoredLineWhenTheClockWasSetBackBefore() throws Exception {
        // Given
        Reader reader = new Reader(0, 0);
        for (long at : new long[] {1000, 1001, 500, 501}) {
            reader.takes(at, "line " + at);
        }
        // When
        reader.filter.resume();
        // Then
        for (long at : new long[] {1000, 1001, 500, 501}) {
            assertThat(reader.takes(at, "line " + at)).isFalse();
        }
        assertThat(reader.takes(502, "new")).isTrue();
        assertThat(reader.takes(1001, "new, at the time of another")).isTrue();
    }

    @Test
    void shouldKeepEverythingWhenTheLastStoredLineIsSoughtInVain() throws Exception {
        // Given
        Reader reader = new Reader(0, 0);
        reader.takes(1000, "a");
        reader.takes(500, "b");
        // When
        reader.filter.seek();
        reader.filter.sought(600);
        reader.filter.resumeAsSought();
        // Then
        assertThat(reader.filter.found()).isFalse();
        assertThat(reader.takes(600, "c")).isTrue();
    }

    @Test
    void shouldEndWithTheLastOfThoseThatLookLikeTheLastStoredLine() throws Exception {
        // Given an engine that tells whole seconds
        Reader reader = new Reader(0, 0);
        long[] times = {10, 10, 11, 10, 10};
        for (int i = 0; i < times.length; i++) {
            assertThat(reader.takes(times[i], "line " + i)).isTrue();
        }
        // When
        reader.filter.seek();
        for (long at : times) {
            reader.filter.sought(at);
        }
        reader.filter.sought(10);
        reader.filter.resumeAsSought();
        // Then
        assertThat(reader.filter.found()).isTrue();
        for (int i = 0; i < times.length; i++) {
            assertThat(reader.takes(times[i], "line " + i)).isFalse();
        }
        assertThat(reader.takes(10, "new")).isTrue();
    }

    @Test
    void shouldDropRepeatsOfWhatCameBeforeTheLastStoredLineOnResuming() throws Exception {
        // Given
        Reader reader = new Reader(100, 1);
        reader.takes(99, "a");
        reader.takes(100, "b");
        // Then
        assertThat(reader.takes(99, "a")).isFalse();
        assertThat(reader.takes(100, "b")).isFalse();
        assertThat(reader.takes(99, "the clock was set back")).isTrue();
    }

    private final class Reader {
        final StreamCursor cursor;
        final RepeatFilter filter;

        Reader(long lastAt, int sameAt) {
            cursor = new StreamCursor(new StreamPosition("c", Stream.STDOUT, lastAt, sameAt, 0, 0));
            filter = new RepeatFilter(cursor);
        }

        boolean takes(long at, String text) throws InterruptedException {
            byte[] bytes = text.getBytes(UTF_8);
            boolean isNew = filter.isNew(at, bytes, 0, bytes.length);
            if (isNew) {
                log.append(new Line(Stream.STDOUT, at, -1, bytes, 0, bytes.length, false), cursor);
            }
            return isNew;
        }
    }
}
