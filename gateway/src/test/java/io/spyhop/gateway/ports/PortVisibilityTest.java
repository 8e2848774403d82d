package io.spyhop.gateway.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.port.ListeningPorts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PortVisibilityTest {
    @Test
    void shouldBePrivateWhenNobodyKnowsWhatWasSet() {
        // Given: an operator may have closed what the label opens
        PortVisibility visibility = new PortVisibility(new PortVisibilityStore(Tables.away()));
        ListeningPorts instance = Tables.instance("web", "acme", 0, "c0ffee", null, PortVisibility.PUBLIC, 80);

        // When / Then
        assertThat(visibility.of(instance, 80)).isEqualTo(PortVisibility.PRIVATE);
    }

    @Test
    void shouldAskAnewAheadOfTimeWhenItIsInUse() {
        // Given
        AtomicLong nanos = new AtomicLong();
        BlockingQueue<String> answers = new LinkedBlockingQueue<>(List.of(PortVisibility.PUBLIC));
        PortVisibility visibility = new PortVisibility(
                new PortVisibilityStore(Tables.away()) {
                    @Override
                    Map<Integer, String> of(WorkloadId workload) {
                        return Map.of(80, take(answers));
                    }
                },
                nanos::get);
        ListeningPorts instance = Tables.instance("web", "acme", 0, "c0ffee", null, PortVisibility.PRIVATE, 80);
        assertThat(visibility.known(instance, 80)).isNull();
        assertThat(visibility.of(instance, 80)).isEqualTo(PortVisibility.PUBLIC);

        // When: the database takes its time, and then tells what another gateway set.
        nanos.set(Duration.ofMillis(1600).toNanos());
        assertThat(visibility.known(instance, 80)).isEqualTo(PortVisibility.PUBLIC);
        nanos.set(Duration.ofMillis(2900).toNanos());
        assertThat(visibility.known(instance, 80)).isEqualTo(PortVisibility.PUBLIC);
        answers.add(PortVisibility.PRIVATE);

        // Then
        await().untilAsserted(() -> assertThat(visibility.known(instance, 80)).isEqualTo(PortVisibility.PRIVATE));
        nanos.set(Duration.ofSeconds(6).toNanos());
        assertThat(visibility.known(instance, 80)).isNull();
        assertThat(answers).isEmpty();
    }

    private static String take(BlockingQueue<String> answers) {
        try {
            return answers.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
