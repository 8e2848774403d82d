package io.spyhop.metrics.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.spyhop.contracts.internal.InternalSecret;
import io.spyhop.engine.docker.DockerEngine;
import io.spyhop.metrics.MetricsBackends;
import org.junit.jupiter.api.Test;

/** What observing costs, as Prometheus gets it from this service where it is a process of its own. */
@QuarkusTest
@QuarkusTestResource(MetricsBackends.class)
class SampleMetricsIT {
    @Test
    void shouldTellWhatObservingCosts() {
        // Given
        double before = value("spyhop_engine_requests_total");

        // When
        try (DockerEngine engine = DockerEngine.connectFromEnvironment()) {
            var _ = engine.version();
            var _ = engine.list();
        }

        // Then: processor time, calls of the engine, lag
        assertThat(value("spyhop_engine_requests_total")).isGreaterThanOrEqualTo(before + 2);
        assertThat(value("process_cpu_time_ns_total")).isPositive();
        assertThat(value("process_cpu_usage")).isNotNegative();
        assertThat(value("spyhop_metrics_slot_lag_seconds_count")).isNotNegative();
        await().until(() -> value("spyhop_metrics_sweep_seconds_count") > 0);
    }

    @Test
    void shouldTellItOnlyToWhoeverKnowsTheSecret() {
        RestAssured.get("/q/metrics").then().statusCode(404);
        RestAssured.given()
                .header(InternalSecret.HEADER, "guessed")
                .get("/q/metrics")
                .then()
                .statusCode(404);
        RestAssured.get("/readyz").then().statusCode(200);
    }

    private static double value(String name) {
        String text = RestAssured.given()
                .header(InternalSecret.HEADER, MetricsBackends.SECRET)
                .get("/q/metrics")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        return text.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .mapToDouble(Double::parseDouble)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + text));
    }
}
