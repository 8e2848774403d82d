package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.e2e.Containers.Container;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One container writes as fast as it can. */
@ExtendWith(Shared.class)
class MillionLinesST {
    private static final Duration LONG = Duration.ofMinutes(2);

    private final Api api;
    private final Containers containers;

    MillionLinesST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    @Test
    void shouldStoreAndStreamEveryLineInOrderWhenOneContainerWritesAMillion() {
        // Given
        Container container =
                containers.shell("million", "while [ ! -f /go ]; do usleep 20000; done; seq 1 1000000; exec sleep 600");
        String id = api.awaitWorkload(container.name());
        api.awaitLines(id, 1, LONG);
        AtomicLong streamed = new AtomicLong();

        // When
        try (SseClient sse = SseClient.once(api, Api.address(id) + "/logs/stream?since=1", expectNumbers(streamed))) {
            containers.touch(container, "/go");
            sse.awaitLine(1_000_001, LONG);
        }
        AtomicLong stored = new AtomicLong();
        AtomicLong numbers = new AtomicLong();
        api.eachLine(id, line -> {
            if (line.lineNo() != numbers.incrementAndGet()) {
                throw new AssertionError("line %d is numbered %d".formatted(numbers.get(), line.lineNo()));
            }
            if (line.lineNo() > 1) {
                expectNumbers(stored).accept(line);
            }
        });

        // Then
        assertThat(streamed).hasValue(1_000_000);
        assertThat(stored).hasValue(1_000_000);
        assertThat(numbers).hasValue(1_000_001);
    }

    @Test
    void shouldLoseNothingAndSlowNobodyWhenOneFollowerStalls() {
        // Given
        Container container =
                containers.shell("stalled", "while [ ! -f /go ]; do usleep 20000; done; seq 1 200000; exec sleep 600");
        String id = api.awaitWorkload(container.name());
        api.awaitLines(id, 1, LONG);
        AtomicLong quick = new AtomicLong();
        AtomicLong stalled = new AtomicLong();
        CountDownLatch readOn = new CountDownLatch(1);
        String path = Api.address(id) + "/logs/stream?since=1";

        // When
        try (SseClient first = SseClient.once(api, path, line -> {
                    awaitLatch(readOn);
                    expectNumbers(stalled).accept(line);
                });
                SseClient second = SseClient.once(api, path, expectNumbers(quick))) {
            containers.touch(container, "/go");
            second.awaitLine(200_001, LONG);
            long readByStalled = stalled.get();
            readOn.countDown();
            first.awaitLine(200_001, LONG);

            // Then
            assertThat(readByStalled).isZero();
            assertThat(quick).hasValue(200_000);
            assertThat(stalled).hasValue(200_000);
        }
    }

    private static java.util.function.Consumer<Line> expectNumbers(AtomicLong seen) {
        return line -> {
            if (!line.message().equals(Long.toString(seen.incrementAndGet()))) {
                throw new AssertionError("after %d came %s".formatted(seen.get() - 1, List.of(line)));
            }
        };
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            if (!latch.await(LONG.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("stalled for too long");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
