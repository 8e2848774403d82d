package io.spyhop.lifecycle.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.FakeBlueprint;
import io.spyhop.engine.FakeEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopTimeoutTest {
    @ParameterizedTest
    @CsvSource({
        "30, PT30S",
        "30s, PT30S",
        "1500ms, PT1.5S",
        "2m, PT2M",
        "0, PT0S",
        "500m, PT30M",
        "soon, PT10S",
        "-1s, PT10S",
        "'', PT10S"
    })
    void shouldReadTheLabel(String label, Duration expected) {
        try (FakeEngine engine = new FakeEngine()) {
            // When // Then
            assertThat(StopSteps.timeout(List.of(labelled(engine, "one", label))))
                    .isEqualTo(expected);
        }
    }

    @Test
    void shouldGiveAllTheTimeThatOneWants() {
        try (FakeEngine engine = new FakeEngine()) {
            // When // Then
            assertThat(StopSteps.timeout(List.of(labelled(engine, "one", "3s"), labelled(engine, "two", "20s"))))
                    .isEqualTo(Duration.ofSeconds(20));
            assertThat(StopSteps.timeout(List.of())).isEqualTo(Duration.ofSeconds(10));
        }
    }

    private static ContainerDetails labelled(FakeEngine engine, String name, String label) {
        return engine.inspect(engine.create(FakeBlueprint.named(name).withLabels(Map.of("spyhop.stop.timeout", label))))
                .orElseThrow();
    }
}
