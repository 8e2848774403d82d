package io.spyhop.logs.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.contracts.workload.SomeInstance;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HealthTextTest {
    @Test
    void shouldSayHowOftenItFailedAndWhyWhenItBecomesUnhealthy() {
        // Given
        InstanceTransition unhealthy = transition(InstanceTransition.Type.UNHEALTHY, 3, "no \"answer\" within 2 s");

        // When / Then
        assertThat(SystemText.of(unhealthy)).isEqualTo("[UNHEALTHY] health probe failed 3 times");
        assertThat(SystemText.fields(unhealthy))
                .isEqualTo("{\"failures\":3,\"reason\":\"no \\\"answer\\\" within 2 s\"}");
    }

    @Test
    void shouldSayThatItAnswersWhenItIsHealthyAgain() {
        // Given
        InstanceTransition healthy = transition(InstanceTransition.Type.HEALTHY, null, null);

        // When / Then
        assertThat(SystemText.of(healthy)).isEqualTo("[HEALTHY] health probe ok");
        assertThat(SystemText.fields(healthy)).isNull();
    }

    private static InstanceTransition transition(
            InstanceTransition.Type type, @Nullable Integer failures, @Nullable String reason) {
        return SomeInstance.of("web", "c1").probed(type, Instant.EPOCH, failures, reason);
    }
}
