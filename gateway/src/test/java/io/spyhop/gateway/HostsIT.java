package io.spyhop.gateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class HostsIT {
    @Inject
    FakeHosts hosts;

    @Inject
    FakeCapture capture;

    @AfterEach
    void bringBack() {
        hosts.setAway(false);
        capture.setAway(false);
    }

    @Test
    void shouldListHostsWithTheWayTheirLogsAreReadWhenAllServicesAnswer() {
        list(Backends.ADMIN)
                .statusCode(200)
                .body("items.name", equalTo(List.of("east", "west")))
                .body("items.state", equalTo(List.of("watching", "connecting")))
                .body("items[0].endpoint", equalTo("unix:///east.sock"))
                .body("items[0].engine", equalTo("Docker 20.10.24"))
                .body("items[0].apiVersion", equalTo("1.41"))
                .body("items[0].lastContactAt", equalTo("2026-11-22T03:04:05Z"))
                .body("items[0].changedAt", equalTo("2026-11-22T03:04:05Z"))
                .body("items[0].containers", equalTo(3))
                .body("items[0].capture.file", equalTo(2))
                .body("items[0].capture.api", equalTo(1))
                .body("items[1].capture.file", equalTo(0))
                .body("items[1]", not(org.hamcrest.Matchers.hasKey("engine")));
    }

    @Test
    void shouldLeaveOutTheWayWhenLogServiceIsAway() {
        // Given
        capture.setAway(true);

        // Then
        list(Backends.ADMIN)
                .statusCode(200)
                .body("items.name", equalTo(List.of("east", "west")))
                .body("items[0]", not(org.hamcrest.Matchers.hasKey("capture")));
    }

    @Test
    void shouldNameTheServiceWhenTheOneThatKnowsHostsIsAway() {
        // Given
        hosts.setAway(true);

        // Then
        list(Backends.ADMIN)
                .statusCode(503)
                .header("Retry-After", equalTo("2"))
                .body("code", equalTo("dependency-away"))
                .body("detail", containsString("health-crash-service"));
    }

    @Test
    void shouldRefuseWhenTheTokenIsLimitedToSomeOrgs() {
        // Given
        String limited = mint("\"orgs\":[\"acme\"]");
        String viewer = mint("\"orgs\":null");

        // Then
        list(limited).statusCode(403).body("code", equalTo("role-missing"));
        list(viewer).statusCode(200);
        given().get("/api/v1/hosts").then().statusCode(401);
        given().header("Authorization", "Bearer " + Backends.ADMIN)
                .get("/api/v1/hosts?limit=1")
                .then()
                .statusCode(400)
                .body("parameter", equalTo("limit"));
    }

    private static ValidatableResponse list(String token) {
        return given().header("Authorization", "Bearer " + token)
                .get("/api/v1/hosts")
                .then();
    }

    private static String mint(String orgs) {
        return given().header("Authorization", "Bearer " + Backends.ADMIN)
                .contentType("application/json")
                .body("{\"name\":\"" + UUID.randomUUID() + "\",\"role\":\"viewer\"," + orgs + "}")
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token");
    }
}
