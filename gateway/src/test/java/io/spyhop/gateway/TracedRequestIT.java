package io.spyhop.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.spyhop.gateway.stream.FakeStore;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class TracedRequestIT {
    private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00-" + ID + "-00f067aa0ba902b7-01";

    @Inject
    FakeStore store;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @AfterEach
    void end() {
        store.away(false);
    }

    @Test
    void shouldGoOnWithTheCallersTraceWhenItIsValid() {
        // When
        Response answer = ask(PARENT, "/api/v1/workloads/acme-shop/logs?tail=3");

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.header("Spyhop-Trace")).isEqualTo(ID);
        assertThat(store.trace()).as("where the service works").isEqualTo(ID);
    }

    @Test
    void shouldKeepTheTraceWhenAnAliasIsRoutedAgain() {
        // When
        Response answer =
                given().header("Authorization", "Bearer " + Backends.ADMIN).get("/api/deployments/shop/logs?tail=3");

        // Then
        assertThat(answer.headers().getValues("Spyhop-Trace")).hasSize(1).containsExactly(store.trace());
    }

    @Test
    void shouldBeginATraceWhenTheCallersIsWrongOrMissing() {
        // Then
        assertThat(ask("00-" + "0".repeat(32) + "-00f067aa0ba902b7-01", "/api/v1/workloads/acme-shop")
                        .header("Spyhop-Trace"))
                .matches("[0-9a-f]{32}")
                .isNotEqualTo("0".repeat(32));
        assertThat(given().get("/healthz").header("Spyhop-Trace")).matches("[0-9a-f]{32}");
    }

    @Test
    void shouldNameTheTraceInProblemsWhereverTheyComeFrom() {
        // Given
        store.away(true);

        // Then
        assertProblem(ask(PARENT, "/api/v1/workloads/acme-shop/logs?tail=3"), 503);
        assertProblem(ask(PARENT, "/api/v1/workloads/nobody/logs"), 404);
        assertProblem(ask(PARENT, "/api/v1/workloads?limit=0"), 400);
        assertProblem(ask(PARENT, "/api/v1/there-is-nothing"), 404);
        assertProblem(ask(PARENT, "/nothing"), 404);
        assertProblem(
                given().header("Authorization", "Bearer " + Backends.ADMIN)
                        .header("traceparent", PARENT)
                        .delete("/api/v1/workloads"),
                405);
    }

    @Test
    void shouldReadStreamsUnderTheTraceOfTheirRequest() throws IOException {
        // Given
        String trace = "ab".repeat(16);

        // When
        try (Http client = Http.open(
                port,
                "/api/v1/workloads/acme-shop/logs/stream?tail=3",
                Backends.ADMIN,
                "traceparent: 00-" + trace + "-00f067aa0ba902b7-00")) {
            client.read();

            // Then
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(store.traces()).contains(trace));
        }
    }

    private static Response ask(String parent, String uri) {
        return given().header("Authorization", "Bearer " + Backends.ADMIN)
                .header("traceparent", parent)
                .get(uri);
    }

    private static void assertProblem(Response answer, int status) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.jsonPath().getString("traceId")).isEqualTo(ID);
        assertThat(answer.header("Spyhop-Trace")).isEqualTo(ID);
    }
}
