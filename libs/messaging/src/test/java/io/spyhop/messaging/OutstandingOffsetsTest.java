package io.spyhop.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OutstandingOffsetsTest {
    private final OutstandingOffsets offsets = new OutstandingOffsets();

    @Test
    void shouldNameNoOffsetWhenNothingWasDelivered() {
        // Then
        assertThat(offsets.committable()).isEqualTo(-1);
        assertThat(offsets.next()).isEqualTo(-1);
    }

    @Test
    void shouldStayAtTheFirstOutstandingWhenLaterOnesAreDone() {
        // Given
        offsets.delivered(5, 10);
        offsets.delivered(6, 20);
        offsets.delivered(9, 30);

        // When
        offsets.done(6);
        offsets.done(9);

        // Then
        assertThat(offsets.committable()).isEqualTo(5);
        assertThat(offsets.next()).isEqualTo(10);
        assertThat(offsets.outstanding()).isEqualTo(new OutstandingOffsets.Weight(1, 10));
    }

    @Test
    void shouldMoveBehindTheLastWhenAllAreDone() {
        // Given
        offsets.delivered(5, 10);
        offsets.delivered(9, 30);

        // When
        offsets.done(9);
        offsets.done(5);

        // Then
        assertThat(offsets.committable()).isEqualTo(10);
        assertThat(offsets.outstanding()).isEqualTo(new OutstandingOffsets.Weight(0, 0));
    }

    @Test
    void shouldCountOnceWhenAcknowledgedOrDeliveredTwice() {
        // Given
        offsets.delivered(5, 10);
        offsets.delivered(5, 12);
        offsets.delivered(6, 20);

        // When
        offsets.done(5);
        offsets.done(5);

        // Then
        assertThat(offsets.outstanding()).isEqualTo(new OutstandingOffsets.Weight(1, 20));
        assertThat(offsets.committable()).isEqualTo(6);
    }

    @Test
    void shouldNeverNameAnOffsetBeyondAnOutstandingOneWhenAcknowledgedFromManyThreads() throws InterruptedException {
        // Given
        List<Long> all = new ArrayList<>(LongStream.range(0, 2_000).boxed().toList());
        all.forEach(offset -> offsets.delivered(offset, 1));
        Collections.shuffle(all, new Random(7));
        long kept = all.removeLast();

        // When
        List<Thread> threads = new ArrayList<>();
        for (int part = 0; part < 4; part++) {
            List<Long> mine = all.subList(part * all.size() / 4, (part + 1) * all.size() / 4);
            threads.add(Thread.ofVirtual().start(() -> mine.forEach(offsets::done)));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        // Then
        assertThat(offsets.committable()).isEqualTo(kept);
        assertThat(offsets.outstanding()).isEqualTo(new OutstandingOffsets.Weight(1, 1));
    }
}
