package io.spyhop.gateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class HealthIT {
    private static final String HEALTH = "/api/v1/workloads/acme-shop/health";

    @Test
    void shouldTellStatusProbesAndTransitionsUnderEveryAddress() {
        for (String address : new String[] {HEALTH, "/api/deployments/shop/health"}) {
            as(Backends.ADMIN)
                    .get(address + "?limit=5")
                    .then()
                    .statusCode(200)
                    .body("status", equalTo("unhealthy"))
                    .body("consecutiveFailures", equalTo(4))
                    .body("way", equalTo("namespace"))
                    .body("lastProbe.at", equalTo("2026-11-22T03:04:05Z"))
                    .body("lastProbe.ok", equalTo(false))
                    .body("lastProbe.latencyMs", equalTo(1.5f))
                    .body("lastProbe.reason", equalTo("status 503"))
                    .body("probes.size()", equalTo(1))
                    .body("transitions[0].type", equalTo("unhealthy"))
                    .body("transitions[0].failures", equalTo(3))
                    .body("check.port", equalTo(8080))
                    .body("$", not(hasKey("instances")));
        }
        as(Backends.ADMIN).get(HEALTH + "?limit=0").then().statusCode(400).body("parameter", equalTo("limit"));
    }

    @Test
    void shouldSetWhatOperatorsWantAndNameWhatIsWrong() {
        put(Backends.ADMIN, "{\"port\":8081,\"path\":\"/ok\",\"intervalSeconds\":5}")
                .statusCode(200)
                .body("port", equalTo(8081))
                .body("path", equalTo("/ok"));
        as(Backends.ADMIN).get(HEALTH).then().body("settings.intervalSeconds", equalTo(5));
        put(Backends.ADMIN, "{}").statusCode(200);
        wrong("{\"port\":0}", "port");
        wrong("{\"port\":70000}", "port");
        wrong("{\"path\":\"ok\"}", "path");
        wrong("{\"path\":\"/o k\"}", "path");
        wrong("{\"intervalSeconds\":3601}", "intervalSeconds");
        wrong("{\"timeoutMs\":99}", "timeoutMs");
        wrong("{\"threshold\":101}", "threshold");
        wrong("{\"threshhold\":1}", "threshhold");
        put(mint("viewer"), "{\"port\":8081}").statusCode(403).body("code", equalTo("role-missing"));
    }

    private static void wrong(String body, String field) {
        put(Backends.ADMIN, body)
                .statusCode(400)
                .body("code", equalTo("body-invalid"))
                .body("detail", containsString(field));
    }

    private static ValidatableResponse put(String token, String body) {
        return as(token).contentType("application/json").body(body).put(HEALTH).then();
    }

    private static String mint(String role) {
        return as(Backends.ADMIN)
                .contentType("application/json")
                .body("{\"name\":\"t " + UUID.randomUUID() + "\",\"role\":\"" + role + "\",\"orgs\":[\"acme\"]}")
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token");
    }

    private static RequestSpecification as(String token) {
        return given().header("Authorization", "Bearer " + token);
    }
}
