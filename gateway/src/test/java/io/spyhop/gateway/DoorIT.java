package io.spyhop.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.gateway.stream.FakeStore;
import io.spyhop.gateway.token.SignInLink;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(Backends.class)
class DoorIT {
    private static final String ADMIN = Backends.ADMIN;

    @Inject
    SignInLink link;

    @Inject
    FakeStore store;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Test
    void shouldMintShowOnceListAndRevokeATokenWhenAdmin() {
        // Given
        String name = "t " + UUID.randomUUID();

        // When
        ValidatableResponse minted = as(ADMIN)
                .contentType("application/json")
                .body("{\"name\":\"" + name + "\",\"role\":\"viewer\",\"orgs\":[\"acme\"]}")
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .body("token", startsWith("spy_"))
                .body("orgs", equalTo(List.of("acme")));
        String token = minted.extract().path("token");
        String id = minted.extract().path("id");

        // Then
        as(ADMIN)
                .get("/api/v1/tokens?limit=1000")
                .then()
                .statusCode(200)
                .body("items.name", hasItems("admin", name))
                .body("items.find { it.name == 'admin' }.token", equalTo(null));
        as(token).get("/api/v1/session").then().statusCode(200).body("role", equalTo("viewer"));
        as(token).get("/api/v1/tokens").then().statusCode(403).body("code", equalTo("role-missing"));
        as(ADMIN)
                .contentType("application/json")
                .body("{\"name\":\"" + name + "\",\"role\":\"viewer\"}")
                .post("/api/v1/tokens")
                .then()
                .statusCode(409)
                .body("code", equalTo("state-conflict"));
        as(ADMIN).delete("/api/v1/tokens/" + id).then().statusCode(204);
        problem(as(token).get("/api/v1/session").then(), 401, "token-invalid");
        problem(as(ADMIN).delete("/api/v1/tokens/" + id).then(), 404, "not-found");
    }

    @Test
    void shouldSignInWithACookieAndOutAgainWhenTheOriginIsOurs() {
        // Given
        String cookie = given().contentType("application/json")
                .body("{\"token\":\"" + ADMIN + "\"}")
                .post("/api/v1/session")
                .then()
                .statusCode(200)
                .header("Set-Cookie", startsWith("spyhop_session="))
                .header("Set-Cookie", org.hamcrest.Matchers.containsString("HttpOnly"))
                .header("Set-Cookie", org.hamcrest.Matchers.containsString("SameSite=Strict"))
                .extract()
                .cookie("spyhop_session");
        RequestSpecification signedIn = given().cookie("spyhop_session", cookie);
        signedIn.get("/api/v1/session").then().statusCode(200).body("role", equalTo("admin"));

        // When
        problem(
                given().cookie("spyhop_session", cookie)
                        .delete("/api/v1/session")
                        .then(),
                403,
                "origin-foreign");
        problem(
                given().cookie("spyhop_session", cookie)
                        .header("Origin", "http://evil.example.com")
                        .delete("/api/v1/session")
                        .then(),
                403,
                "origin-foreign");
        given().cookie("spyhop_session", cookie)
                .header("Origin", RestAssured.baseURI + ":" + port)
                .delete("/api/v1/session")
                .then()
                .statusCode(204);

        // Then
        problem(given().cookie("spyhop_session", cookie).get("/api/v1/session").then(), 401, "token-invalid");
    }

    @Test
    void shouldSignInOnceWhenACodeIsUsed() {
        // Given
        String url = link.url();
        String body = "{\"code\":\"" + url.substring(url.indexOf("#code=") + 6) + "\"}";

        // When
        given().contentType("application/json")
                .body(body)
                .post("/api/v1/session")
                .then()
                .statusCode(200)
                .body("role", equalTo("admin"));

        // Then
        problem(
                given().contentType("application/json")
                        .body(body)
                        .post("/api/v1/session")
                        .then(),
                401,
                "token-invalid");
    }

    @Test
    void shouldRefuseWhenNoOrAWrongTokenIsGiven() {
        problem(
                given().get("/api/v1/workloads").then().header("WWW-Authenticate", equalTo("Bearer")),
                401,
                "token-missing");
        problem(given().get("/metrics").then(), 401, "token-missing");
        for (String wrong : List.of("spy_nothing", "x", "é", "a".repeat(3000))) {
            problem(as(wrong).get("/api/v1/workloads").then(), 401, "token-invalid");
        }
        problem(
                given().header("Authorization", "Basic YTpi")
                        .get("/api/v1/workloads")
                        .then(),
                401,
                "token-invalid");
        problem(
                given().contentType("application/json")
                        .body("{\"token\":\"wrong\"}")
                        .post("/api/v1/session")
                        .then(),
                401,
                "token-invalid");
    }

    @Test
    void shouldServeWhatIsOpenWithSecureHeadersWhenNobodyIsSignedIn() {
        for (String open : List.of(
                "/",
                "/app.js",
                "/control.js",
                "/lines.js",
                "/search.js",
                "/app.css",
                "/healthz",
                "/readyz",
                "/openapi",
                "/swagger-ui/")) {
            given().get(open)
                    .then()
                    .statusCode(200)
                    .header("X-Content-Type-Options", equalTo("nosniff"))
                    .header("Content-Security-Policy", startsWith("default-src 'self'"));
        }
        as(ADMIN).get("/metrics").then().statusCode(200);
        as(ADMIN).get("/api/v1/workloads").then().header("Cache-Control", equalTo("no-store"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/internal/workloads",
                "/internal/logs/last-numbers",
                "/q/health",
                "/q/dev",
                "/nothing",
                "/api/v1/nothing",
                "/api",
                "/api/v1/workloads/",
                "/api/v1/workloads/acme-shop/nothing",
                "/api/orgs/acme",
                "/api//v1/workloads",
                "//api/v1/workloads",
                "/api/v1/workloads;a=b",
                "/api/v1/./workloads",
                "/api/v1/workloads/%2e%2e/workloads",
                "/api/v1/workloads/../workloads",
                "/api/v1/workloads/%2f",
                "/api/v1/workloads/%00",
                "/api/v1/workloads/a%00b",
                "/api/v1/workloads/%5c"
            })
    void shouldSayThatThereIsNothingWhenTheAddressIsNone(String uri) {
        assertProblem(Http.get(port, uri, ADMIN), 404, "not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/workloads/%zz",
                "/api/v1/workloads/%",
                "/api/v1/workloads/%4",
                "/api/v1/workloads/%ff",
                "/%61pi/v1/workloads",
                "/api/v1/workloads?q=%zz",
                "/api/v1/workloads?q=%00",
                "/api/v1/workloads?q=%ff",
                "/api/v1/workloads/\u00e9",
                "/api/v1/workloads?limit=0",
                "/api/v1/workloads?limit=-1",
                "/api/v1/workloads?limit=1001",
                "/api/v1/workloads?limit=99999999999999999999",
                "/api/v1/workloads?limit=abc",
                "/api/v1/workloads?limit=",
                "/api/v1/workloads?limit=1&limit=2",
                "/api/v1/workloads?kind=nothing",
                "/api/v1/workloads?status=nothing",
                "/api/v1/workloads?unknown=1",
                "/api/deployments?limit=x",
                "/api/v1/tokens?limit=x",
                "/api/v1/sessions?x=1",
                "/api/v1/audit?limit=x",
                "/api/v1/events?x=1",
                "/api/v1/session?x=1",
                "/api/v1/workloads/acme-shop?x=1",
                "/api/v1/workloads/acme-shop/logs?tail=0",
                "/api/v1/workloads/acme-shop/logs?tail=5001",
                "/api/v1/workloads/acme-shop/logs?tail=-1",
                "/api/v1/workloads/acme-shop/logs?tail=1.5",
                "/api/v1/workloads/acme-shop/logs?since=-1",
                "/api/v1/workloads/acme-shop/logs?since=yesterday",
                "/api/v1/workloads/acme-shop/logs?since=9223372036854775808",
                "/api/v1/workloads/acme-shop/logs?since=1&tail=1",
                "/api/v1/workloads/acme-shop/logs?limit=5001",
                "/api/v1/workloads/acme-shop/logs?nothing=1",
                "/api/v1/workloads/acme-shop/logs/stream?since=x",
                "/api/v1/workloads/acme-shop/logs/stream?tail=5001",
                "/api/v1/workloads/acme-shop/logs/stream?nothing=1",
                "/api/v1/workloads/acme-shop/logs/ws",
                "/api/v1/workloads/acme-shop/logs/stream?onLag=sleep",
                "/api/v1/workloads/acme-shop/logs/stream?regex=(",
                "/api/v1/workloads/acme-shop/logs/download?format=pdf",
                "/api/v1/logs/search?since=5",
                "/api/v1/apps/chat/logs?nothing=1"
            })
    void shouldNameWhatIsWrongWhenAParameterIs(String uri) {
        assertProblem(Http.get(port, uri, ADMIN), 400, "parameter-invalid");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/workloads/unknown",
                "/api/v1/workloads/UPPER",
                "/api/v1/workloads/%F0%9F%90%8B",
                "/api/v1/workloads/acme%20shop",
                "/api/v1/workloads/unknown/logs",
                "/api/v1/workloads/unknown/logs/stream",
                "/api/v1/workloads/unknown/logs/ws",
                "/api/v1/apps/unknown/logs",
                "/api/deployments/unknown",
                "/api/deployments/%27%3B--",
                "/api/orgs/acme/projects/site/workers/unknown",
                "/api/orgs/none/projects/site/workers/dev",
                "/api/orgs/acme/deployments/shop/services/unknown/logs"
            })
    void shouldSayUnknownWhenThereIsNoSuchWorkload(String uri) {
        assertProblem(Http.get(port, uri, ADMIN), 404, "workload-unknown");
    }

    @Test
    void shouldAnswerWithAProblemWhenTheRequestLineIsTooLong() {
        assertProblem(Http.get(port, "/api/v1/workloads?q=" + "a".repeat(13_000), ADMIN), 414, "uri-too-long");
        assertProblem(Http.get(port, "/api/v1/workloads?q=" + "a".repeat(2000), ADMIN), 400, "parameter-invalid");
    }

    @Test
    void shouldAnswerForItsOwnHostsOnly() {
        // Given
        String request = "GET /openapi HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n";

        // Then
        assertProblem(Http.exchange(port, request.formatted("evil.example.com")), 421, "host-unknown");
        assertProblem(Http.exchange(port, request.formatted("")), 421, "host-unknown");
        for (String ours :
                List.of("localhost", "localhost:8080", "127.0.0.1", "[::1]:8080", "logs.example.com", "LOCALHOST")) {
            assertThat(Http.exchange(port, request.formatted(ours))).startsWith("HTTP/1.1 200");
        }
        assertThat(Http.exchange(port, "GET /readyz HTTP/1.1\r\nHost: 10.0.0.7\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | body-invalid",
                "x | body-invalid",
                "[] | body-invalid",
                "null | body-invalid",
                "'\"a\"' | body-invalid",
                "{} | body-invalid",
                "{\"name\":1,\"role\":\"viewer\"} | body-invalid",
                "{\"name\":\"n\",\"role\":\"king\"} | body-invalid",
                "{\"name\":\"n\",\"role\":true} | body-invalid",
                "{\"name\":\"n\",\"role\":\"viewer\",\"orgs\":\"acme\"} | body-invalid",
                "{\"name\":\"n\",\"role\":\"viewer\",\"orgs\":[]} | body-invalid",
                "{\"name\":\"n\",\"role\":\"viewer\",\"orgs\":[null]} | body-invalid",
                "{\"name\":\"n\",\"role\":\"viewer\",\"orgs\":[1]} | body-invalid",
                "{\"name\":\"n\",\"role\":\"viewer\",\"extra\":1} | body-invalid",
                "{\"name\":\"n\",\"name\":\"m\",\"role\":\"viewer\"} | body-invalid",
                "{\"name\":\"n\",\"role\":\"viewer\"}{} | body-invalid",
                "{\"name\":\"n\",\"role\":\"viewer\",\"expiresAt\":\"soon\"} | body-invalid",
                "{\"name\":\"n\",\"role\":\"viewer\",\"expiresAt\":\"2020-01-01T00:00:00Z\"} | body-invalid",
                "{\"name\":\"n\",\"role\":\"viewer\",\"expiresAt\":1} | body-invalid",
                "{\"name\":\"\\u0000\",\"role\":\"viewer\"} | body-invalid",
            })
    void shouldRefuseTheBodyWhenItIsNotWhatIsWanted(String body, String code) {
        problem(
                as(ADMIN)
                        .contentType("application/json")
                        .body(body)
                        .post("/api/v1/tokens")
                        .then(),
                400,
                code);
    }

    @Test
    void shouldRefuseABodyWhenItIsTooLargeOrOfAnotherType() {
        // Given
        String large = "{\"name\":\"" + "a".repeat(1_100_000) + "\"}";
        String head = "POST /api/v1/tokens HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ADMIN
                + "\r\nContent-Type: application/json\r\n";
        String chunk = Integer.toHexString(large.length()) + "\r\n" + large + "\r\n0\r\n\r\n";

        // Then
        assertProblem(
                Http.exchange(port, head + "Content-Length: " + large.length() + "\r\n\r\n"), 413, "body-too-large");
        assertProblem(
                Http.exchange(port, head + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk),
                413,
                "body-too-large");
        problem(
                as(ADMIN)
                        .contentType("text/plain")
                        .body("x")
                        .post("/api/v1/tokens")
                        .then(),
                415,
                "media-type-unknown");
        problem(as(ADMIN).accept("text/csv").get("/api/v1/workloads").then(), 406, "not-acceptable");
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE,/api/v1/workloads",
        "POST,/api/v1/workloads/acme-shop",
        "PUT,/api/v1/tokens",
        "GET,/api/v1/session/link",
        "POST,/api/v1/sessions",
        "DELETE,/api/v1/audit",
        "POST,/api/v1/events",
        "POST,/api/v1/workloads/acme-shop/logs/stream",
        "POST,/api/deployments/shop/logs/ws",
        "PATCH,/api/v1/session"
    })
    void shouldSayThatTheMethodIsWrong(String method, String uri) {
        problem(as(ADMIN).request(method, uri).then(), 405, "method-unknown");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/orgs/acme/projects/site/workers/dev,acme-worker",
        "/api/orgs/acme/deployments/shop/services/api,acme-service",
        "/api/deployments/shop,acme-shop",
        "/api/v1/apps/chat,acme-app",
        "/api/v1/workloads/other-web,other-web"
    })
    void shouldFindTheWorkloadWhateverItsAddress(String address, String id) {
        // Given
        WorkloadId workload = new WorkloadId(id);
        long before = store.last(workload);
        store.store(workload, 30);

        // Then
        as(ADMIN).get(address).then().statusCode(200).body("id", equalTo(id));
        as(ADMIN)
                .accept("application/json")
                .get(address + "/logs?tail=5")
                .then()
                .statusCode(200)
                .body("through", equalTo((int) before + 30))
                .body("items.size()", equalTo(5))
                .body("items[4].lineNo", equalTo((int) before + 30));
        as(ADMIN)
                .get(address + "/logs?since=" + (before + 10) + "&limit=3")
                .then()
                .body("items.lineNo", equalTo(List.of((int) before + 11, (int) before + 12, (int) before + 13)))
                .body("through", equalTo((int) before + 13));
        as(ADMIN).get(address + "/logs?since=" + (before + 30)).then().body("items", equalTo(List.of()));
    }

    @Test
    void shouldShowOnlyTheOrgsOfTheTokenEverywhere() {
        // Given
        String foreign = mint("other");
        String own = mint("acme");

        // Then
        as(own).get("/api/v1/workloads")
                .then()
                .statusCode(200)
                .body("items.org", not(hasItem("other")))
                .body("items.id", hasItems("acme-app", "acme-shop"));
        as(own).get("/api/v1/workloads?org=other").then().statusCode(200).body("items", equalTo(List.of()));
        as(foreign).get("/api/deployments").then().statusCode(200).body("items", equalTo(List.of()));
        as(ADMIN)
                .get("/api/v1/workloads?limit=2")
                .then()
                .body("items.size()", equalTo(2))
                .body("next", notNullValue());
        for (String address : List.of(
                "/api/orgs/acme/projects/site/workers/dev",
                "/api/orgs/acme/deployments/shop/services/api",
                "/api/deployments/shop",
                "/api/v1/apps/chat",
                "/api/v1/workloads/acme-shop")) {
            for (String rest : List.of(
                    "",
                    "/logs",
                    "/logs?tail=1",
                    "/logs/stream",
                    "/logs/ws",
                    "/logs/download",
                    "/logs/retention",
                    "/health",
                    "/anything")) {
                assertProblem(Http.get(port, address + rest, foreign), 404, "workload-unknown");
                String without = "GET " + address + rest + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
                assertProblem(Http.exchange(port, without), 401, "token-missing");
            }
            as(own).get(address).then().statusCode(200);
        }
    }

    private static String mint(String org) {
        return as(ADMIN)
                .contentType("application/json")
                .body("{\"name\":\"t " + UUID.randomUUID() + "\",\"role\":\"viewer\",\"orgs\":[\"" + org + "\"]}")
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .extract()
                .path("token");
    }

    private static RequestSpecification as(String token) {
        return given().header("Authorization", "Bearer " + token);
    }

    private static void problem(ValidatableResponse response, int status, String code) {
        response.statusCode(status)
                .contentType("application/problem+json")
                .body("code", equalTo(code))
                .body("status", equalTo(status));
    }

    private static void assertProblem(String answer, int status, String code) {
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        assertThat(answer.toLowerCase(java.util.Locale.ROOT)).contains("content-type: application/problem+json");
        assertThat(answer).contains("\"code\":\"" + code + "\"");
    }
}
