package io.spyhop.lifecycle.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.health.HealthSettings;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.engine.HealthDetails;
import io.spyhop.lifecycle.probe.Plan.By;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final HealthDetails.Check CHECK =
            new HealthDetails.Check(HealthDetails.Status.HEALTHY, 0, List.of());

    private final List<String> wrong = new ArrayList<>();

    @Test
    void shouldAskDeploymentsWithADeclaredPortAndWhatIsLabelled() {
        // When / Then
        assertThat(plan(Kind.DEPLOYMENT, Map.of(), null, 8080, 9090))
                .isEqualTo(new Plan(
                        By.PROBE,
                        8080,
                        "/health",
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(2),
                        3,
                        List.of("172.17.0.2"),
                        null));
        assertThat(plan(Kind.DEPLOYMENT, Map.of(), null).by()).isEqualTo(By.NONE);
        assertThat(plan(Kind.CONTAINER, Map.of(), null, 8080).by()).isEqualTo(By.NONE);
        assertThat(plan(Kind.CONTAINER, Map.of("spyhop.health.path", "/ok"), null, 8080))
                .matches(plan -> plan.by() == By.PROBE && plan.path().equals("/ok"));
        assertThat(plan(Kind.SERVICE, Map.of("spyhop.health.port", "70"), null).port())
                .isEqualTo(70);
        assertThat(plan(Kind.SERVICE, Map.of("spyhop.health.interval", "5s"), null)
                        .reason())
                .isEqualTo("no port is known");
    }

    @Test
    void shouldTakeTheImagesOwnCheckWhereNoProbeIsConfigured() {
        // When / Then
        assertThat(plan(Kind.CONTAINER, Map.of(), CHECK))
                .matches(plan -> plan.by() == By.ENGINE && plan.interval().toSeconds() == 15);
        assertThat(plan(Kind.DEPLOYMENT, Map.of(), CHECK, 8080).by()).isEqualTo(By.ENGINE);
        assertThat(plan(Kind.DEPLOYMENT, Map.of("spyhop.health.path", "/ok"), CHECK, 8080)
                        .by())
                .isEqualTo(By.PROBE);
        assertThat(plan(Kind.DEPLOYMENT, Map.of("spyhop.health.enable", "false"), CHECK, 8080)
                        .by())
                .isEqualTo(By.NONE);
    }

    @Test
    void shouldPutTheApiOverLabelsOverSettings() {
        // Given
        Map<String, String> labels = Map.of(
                "spyhop.health.port", "70",
                "spyhop.health.path", "/label",
                "spyhop.health.interval", "10s",
                "spyhop.health.timeout", "300ms",
                "spyhop.health.threshold", "5",
                "spyhop.health.enable", "false");
        HealthSettings api = new HealthSettings(true, 80, "/api?deep=1", 20, 1500, 2);

        // When / Then
        assertThat(plan(Kind.CONTAINER, labels, HealthSettings.NONE, null).by()).isEqualTo(By.NONE);
        assertThat(plan(Kind.CONTAINER, labels, new HealthSettings(true, null, null, null, null, null), null))
                .isEqualTo(new Plan(
                        By.PROBE,
                        70,
                        "/label",
                        Duration.ofSeconds(10),
                        Duration.ofMillis(300),
                        5,
                        List.of("172.17.0.2"),
                        null));
        assertThat(plan(Kind.CONTAINER, labels, api, null))
                .isEqualTo(new Plan(
                        By.PROBE,
                        80,
                        "/api?deep=1",
                        Duration.ofSeconds(20),
                        Duration.ofMillis(1500),
                        2,
                        List.of("172.17.0.2"),
                        null));
    }

    @Test
    void shouldPassOverLabelsThatCannotBeRead() {
        // Given
        Map<String, String> labels = Map.of(
                "spyhop.health.port", "70000",
                "spyhop.health.path", "health check",
                "spyhop.health.interval", "0s",
                "spyhop.health.timeout", "1h",
                "spyhop.health.threshold", "none");

        // When
        Plan plan = plan(Kind.CONTAINER, labels, null, 8080);

        // Then
        assertThat(plan).isEqualTo(plan(Kind.DEPLOYMENT, Map.of(), null, 8080));
        assertThat(wrong).containsExactlyInAnyOrderElementsOf(labels.keySet());
    }

    @Test
    void shouldGiveNoAnswerMoreTimeThanThereIsToTheNext() {
        // When / Then
        assertThat(plan(Kind.DEPLOYMENT, Map.of("spyhop.health.interval", "1s"), null, 8080)
                        .timeout())
                .isEqualTo(Duration.ofSeconds(1));
    }

    private Plan plan(Kind kind, Map<String, String> labels, HealthDetails.@Nullable Check check, Integer... ports) {
        return plan(kind, labels, HealthSettings.NONE, check, ports);
    }

    private Plan plan(
            Kind kind,
            Map<String, String> labels,
            HealthSettings api,
            HealthDetails.@Nullable Check check,
            Integer... ports) {
        return Plan.of(
                Instances.running("c1", kind, labels, Instant.EPOCH, null),
                api,
                new HealthDetails(List.of(ports), List.of("172.17.0.2"), check),
                new Defaults(),
                wrong::add);
    }

    private record Defaults() implements HealthConfig {
        @Override
        public Duration interval() {
            return Duration.ofMinutes(1);
        }

        @Override
        public Duration timeout() {
            return Duration.ofSeconds(2);
        }

        @Override
        public int threshold() {
            return 3;
        }

        @Override
        public String path() {
            return "/health";
        }

        @Override
        public Duration retention() {
            return Duration.ofDays(3);
        }
    }
}
