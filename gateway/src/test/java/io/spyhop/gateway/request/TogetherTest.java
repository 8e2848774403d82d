package io.spyhop.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TogetherTest {
    private final Together<String, Integer> together = new Together<>();
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void shouldAskOnceForAllWhoAskTheSameAtTheSameTime() throws InterruptedException, ExecutionException {
        // Given
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger coming = new AtomicInteger();
        List<Future<Integer>> answers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        try (var pool = Executors.newThreadPerTaskExecutor(task -> {
            Thread thread = Thread.ofVirtual().unstarted(task);
            threads.add(thread);
            return thread;
        })) {
            // When
            for (int i = 0; i < 100; i++) {
                answers.add(pool.submit(() -> {
                    coming.incrementAndGet();
                    return together.ask("one", () -> asked(answer));
                }));
            }
            await().until(() -> coming.get() == 100
                    && threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
            int other = together.ask("two", asked::incrementAndGet);
            answer.countDown();

            // Then
            for (Future<Integer> each : answers) {
                assertThat(each.get()).isEqualTo(1);
            }
            assertThat(other).isEqualTo(2);
            assertThat(together.ask("one", asked::incrementAndGet))
                    .as("asked later")
                    .isEqualTo(3);
        }
    }

    @Test
    void shouldThrowWhatTheQuestionThrewAndAskAnew() {
        // Given
        assertThatThrownBy(() -> together.ask("one", () -> {
                    throw new IllegalArgumentException("no");
                }))
                .isExactlyInstanceOf(IllegalArgumentException.class);

        // Then
        assertThat(together.ask("one", asked::incrementAndGet)).isEqualTo(1);
    }

    private int asked(CountDownLatch answer) {
        int number = asked.incrementAndGet();
        try {
            answer.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return number;
    }
}
