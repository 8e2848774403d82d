package io.spyhop.lifecycle.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.workload.Kind;
import io.spyhop.engine.FakeEngine;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HostProbesTest {
    @ParameterizedTest
    @EnumSource
    void shouldAskWhateverLivesButRunsOfJobs(Kind kind) {
        // Given
        AtomicInteger woken = new AtomicInteger();
        try (FakeEngine engine = new FakeEngine();
                HostProbes probes = new HostProbes(engine, woken::incrementAndGet)) {
            // When
            probes.changed(Instances.running("c1", kind, Map.of("spyhop.health.port", "8080"), Instant.EPOCH, 17L));

            // Then
            assertThat(probes.isEmpty()).isEqualTo(kind == Kind.JOB_RUN);
            assertThat(woken).hasValue(kind == Kind.JOB_RUN ? 0 : 1);
        }
    }
}
