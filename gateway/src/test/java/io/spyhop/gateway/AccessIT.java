package io.spyhop.gateway;

import static io.restassured.RestAssured.given;
import static io.spyhop.gateway.Tokens.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.spyhop.gateway.Tokens.Minted;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Links, sessions, guessing, tokens that expire, and the audit. */
@QuarkusTest
@WithTestResource(Backends.class)
class AccessIT {
    private static final String ADMIN = Backends.ADMIN;

    @Inject
    @DataSource("gateway")
    AgroalDataSource database;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    private final List<Http> open = new ArrayList<>();

    @AfterEach
    void end() throws IOException {
        for (Http http : open) {
            http.close();
        }
    }

    @Test
    void shouldSignInOnceAsTheTokenWhenALinkWasMadeForIt() {
        // Given
        Minted viewer = Tokens.mint("viewer", null);
        JsonPath link = as(ADMIN)
                .contentType(ContentType.JSON)
                .body("{\"token\":\"" + viewer.id() + "\"}")
                .post("/api/v1/session/link")
                .then()
                .statusCode(201)
                .body("url", startsWith(RestAssured.baseURI + ":" + port + "/#code="))
                .body("expiresAt", notNullValue())
                .extract()
                .jsonPath();
        String code = link.getString("url").replaceFirst(".*#code=", "");

        // When
        redeem(code, 200).body("name", equalTo(viewer.name())).body("role", equalTo("viewer"));

        // Then
        redeem(code, 401).body("code", equalTo("token-invalid"));
        assertThat(Instant.parse(link.getString("expiresAt")))
                .isBetween(Instant.now(), Instant.now().plusSeconds(901));
    }

    @Test
    void shouldSignInAsWhoAsksWhenALinkIsMadeWithoutABody() {
        // When
        String code = link();

        // Then
        redeem(code, 200).body("name", equalTo("admin"));
        assertThat(Http.exchange(
                        port,
                        "POST /api/v1/session/link HTTP/1.1\r\nHost: localhost:" + port
                                + "\r\nConnection: close\r\nContent-Length: 0\r\nAuthorization: Bearer " + ADMIN
                                + "\r\n\r\n"))
                .startsWith("HTTP/1.1 201")
                .contains("\"url\":\"http://localhost:" + port + "/#code=");
    }

    @Test
    void shouldKeepTheNewestLinksOnlyWhenTooManyAreMade() {
        // Given
        String oldest = link();
        String url = "";

        // When
        for (int i = 0; i < 100; i++) {
            url = link();
        }

        // Then
        redeem(oldest, 401);
        redeem(url, 200);
    }

    @Test
    void shouldListAndEndSessionsWhenTheyAreOnesOwnOrOneIsAdmin() {
        // Given
        Minted viewer = Tokens.mint("viewer", "acme");
        Minted other = Tokens.mint("viewer", "acme");
        String mine = Tokens.signIn(viewer.token());
        Tokens.signIn(viewer.token());
        Tokens.signIn(other.token());
        String foreign = as(other.token())
                .get("/api/v1/sessions")
                .then()
                .statusCode(200)
                .extract()
                .path("items[0].id");

        // When
        JsonPath list = given().cookie("spyhop_session", mine)
                .get("/api/v1/sessions")
                .then()
                .statusCode(200)
                .body("items.size()", equalTo(2))
                .body("items.token", everyItem(equalTo(viewer.name())))
                .body("items.findAll { it.current }.size()", equalTo(1))
                .body("items[0].userAgent.length()", equalTo(200))
                .body("items[0].remote", equalTo("127.0.0.1"))
                .extract()
                .jsonPath();
        String current = list.getString("items.find { it.current }.id");

        // Then
        as(viewer.token()).delete("/api/v1/sessions/" + foreign).then().statusCode(404);
        as(viewer.token())
                .delete("/api/v1/sessions/" + UUID.randomUUID())
                .then()
                .statusCode(404);
        as(viewer.token()).delete("/api/v1/sessions/" + current).then().statusCode(204);
        given().cookie("spyhop_session", mine).get("/api/v1/sessions").then().statusCode(401);
        as(ADMIN)
                .get("/api/v1/sessions?limit=1000")
                .then()
                .body("items.find { it.id == '" + foreign + "' }.token", equalTo(other.name()));
        as(ADMIN).delete("/api/v1/sessions/" + foreign).then().statusCode(204);
        as(other.token()).get("/api/v1/sessions").then().body("items.size()", equalTo(0));
    }

    @Test
    void shouldPageThroughSessions() {
        // Given
        Minted viewer = Tokens.mint("viewer", "acme");
        for (int i = 0; i < 5; i++) {
            Tokens.signIn(viewer.token());
        }

        // When
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            JsonPath page = as(viewer.token())
                    .queryParam("limit", 2)
                    .queryParam("cursor", cursor)
                    .get("/api/v1/sessions")
                    .jsonPath();
            seen.addAll(page.getList("items.id"));
            cursor = page.getString("next");
        } while (cursor != null);

        // Then
        assertThat(seen).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void shouldEndTheStreamsOfASessionWhenItEnds() throws SQLException {
        // Given
        Minted viewer = Tokens.mint("viewer", "acme");
        Streaming endedHere = streaming(viewer);
        Streaming endedElsewhere = streaming(viewer);
        Streaming expired = streaming(viewer);
        Streaming stays = streaming(viewer);
        List<Streaming> ending = List.of(endedHere, endedElsewhere, expired);

        // When
        as(ADMIN).delete("/api/v1/sessions/" + endedHere.id()).then().statusCode(204);
        execute("DELETE FROM gateway.session WHERE id = '" + endedElsewhere.id() + "'");
        execute("UPDATE gateway.session SET expires_at = now() WHERE id = '" + expired.id() + "'");

        // Then
        for (Streaming each : ending) {
            await().until(() -> ended(each.lines()) && ended(each.events()));
            await().untilAsserted(() -> given().cookie("spyhop_session", each.cookie())
                    .get("/api/v1/session")
                    .then()
                    .statusCode(401));
        }
        assertThat(ended(stays.lines()) || ended(stays.events())).isFalse();
    }

    private record Streaming(String cookie, String id, Http lines, Http events) {}

    private Streaming streaming(Minted token) {
        String cookie = Tokens.signIn(token.token());
        String id =
                given().cookie("spyhop_session", cookie).get("/api/v1/sessions").path("items.find { it.current }.id");
        Http lines = byCookie("/api/v1/workloads/acme-shop/logs/stream", cookie);
        Http events = byCookie("/api/v1/events", cookie);
        await().until(() -> keptAlive(lines) && keptAlive(events));
        return new Streaming(cookie, id, lines, events);
    }

    @Test
    void shouldSlowAndRefuseWrongTokensWhileRightOnesPass() {
        // Given
        as(ADMIN).get("/api/v1/session").then().statusCode(200);
        double before = failures();

        // When
        int wrong = 0;
        Response answer;
        do {
            answer = as("spy_wrong").get("/api/v1/session");
            wrong++;
        } while (answer.statusCode() == 401 && wrong < 50);

        // Then
        answer.then().statusCode(429).body("code", equalTo("too-many")).header("Retry-After", equalTo("60"));
        assertThat(wrong).isEqualTo(25);
        given().contentType(ContentType.JSON)
                .body("{\"token\":\"wrong\"}")
                .post("/api/v1/session")
                .then()
                .statusCode(429)
                .header("Retry-After", notNullValue());
        as(ADMIN).get("/api/v1/session").then().time(lessThan(2000L)).statusCode(200);
        as("spy_wrong").get("/api/v1/session").then().statusCode(401);
        assertThat(failures() - before).isEqualTo(27);
    }

    @Test
    void shouldNoLongerWorkWhenATokenHasExpired() throws SQLException {
        // Given
        Instant soon = Instant.now().plusSeconds(3600);
        Minted viewer = Tokens.mint("\"role\":\"viewer\",\"expiresAt\":\"" + soon + "\"");
        String cookie = Tokens.signIn(viewer.token());
        as(viewer.token()).get("/api/v1/session").then().statusCode(200);
        String item = "items.find { it.id == '" + viewer.id() + "' }";
        as(ADMIN)
                .get("/api/v1/tokens?limit=1000")
                .then()
                .body(item + ".expiresAt", notNullValue())
                .body(item + ".lastUsedAt", notNullValue());

        // When
        execute("UPDATE gateway.token SET expires_at = now() WHERE id = '" + viewer.id() + "'");

        // Then
        await().untilAsserted(
                        () -> as(viewer.token()).get("/api/v1/session").then().statusCode(401));
        await().untilAsserted(() -> given().cookie("spyhop_session", cookie)
                .get("/api/v1/session")
                .then()
                .statusCode(401));
        as(ADMIN).get("/api/v1/session").then().statusCode(200);
    }

    @Test
    void shouldWriteDownEveryChangeAndEveryRefusalWithoutBodies() {
        // Given
        Minted viewer = Tokens.mint("viewer", "acme");
        Minted admin = Tokens.mint("admin", null);
        String trace = "0af7651916cd43dd8448eb211c80319c";
        Instant begin = Instant.now();

        // When
        as(admin.token())
                .contentType(ContentType.JSON)
                .header("traceparent", "00-" + trace + "-b7ad6b7169203331-01")
                .body("{\"name\":\"sec.ret " + UUID.randomUUID() + "\",\"role\":\"viewer\"}")
                .post("/api/v1/tokens")
                .then()
                .statusCode(201);
        as(admin.token())
                .contentType(ContentType.JSON)
                .body("{}")
                .post("/api/v1/tokens")
                .then()
                .statusCode(400);
        as(admin.token()).delete("/api/v1/tokens/" + UUID.randomUUID()).then().statusCode(404);
        as(admin.token()).put("/api/v1/workloads/other-web").then().statusCode(405);
        as(viewer.token())
                .contentType(ContentType.JSON)
                .body("{}")
                .post("/api/v1/tokens")
                .then()
                .statusCode(403);
        as(viewer.token()).delete("/api/v1/workloads/other-web").then().statusCode(404);
        as(viewer.token()).delete("/api/deployments/shop").then().statusCode(403);
        given().delete("/api/v1/tokens/nobody-known").then().statusCode(401);
        as(viewer.token()).get("/api/v1/workloads").then().statusCode(200);
        String cookie = Tokens.signIn(viewer.token());
        given().cookie("spyhop_session", cookie)
                .header("Origin", RestAssured.baseURI + ":" + port)
                .delete("/api/v1/session")
                .then()
                .statusCode(204);

        // Then
        await().untilAsserted(() -> {
            assertThat(audited("token", admin.name()))
                    .containsExactly(
                            "PUT /api/v1/workloads/other-web other-web 405",
                            audited("token", admin.name()).get(1),
                            "POST /api/v1/tokens null 400",
                            "POST /api/v1/tokens null 201");
            assertThat(audited("token", viewer.id()))
                    .containsExactly(
                            "DELETE /api/v1/session null 204",
                            "POST /api/v1/session null 200",
                            "DELETE /api/deployments/shop acme-shop 403",
                            "DELETE /api/v1/workloads/other-web null 404",
                            "POST /api/v1/tokens null 403");
            assertThat(audited("since", begin.toString())).contains("DELETE /api/v1/tokens/nobody-known null 401");
        });
        String all = as(ADMIN).get("/api/v1/audit?limit=1000").then().extract().asString();
        assertThat(all).doesNotContain("sec.ret").contains("\"traceId\":\"" + trace + "\"");
        as(viewer.token()).get("/api/v1/audit").then().statusCode(403);
        as(Tokens.mint("admin", "acme").token()).get("/api/v1/audit").then().statusCode(403);
        as(ADMIN).get("/api/v1/audit?until=1d").then().statusCode(200).body("items.size()", equalTo(0));
    }

    @Test
    void shouldAnswerAtOnceAndWriteDownLaterWhenTheAuditCannotBeWritten() throws SQLException {
        // Given
        Minted admin = Tokens.mint("admin", null);

        // When
        execute("ALTER TABLE gateway.audit RENAME TO audit_away");
        try {
            as(admin.token()).delete("/api/v1/tokens/a").then().statusCode(404).time(lessThan(2000L));
            as(admin.token()).delete("/api/v1/tokens/b").then().statusCode(404).time(lessThan(2000L));
        } finally {
            execute("ALTER TABLE gateway.audit_away RENAME TO audit");
        }

        // Then
        await().untilAsserted(() -> assertThat(audited("token", admin.name()))
                .containsExactly("DELETE /api/v1/tokens/b null 404", "DELETE /api/v1/tokens/a null 404"));
    }

    @Test
    void shouldPageThroughTheAudit() {
        // Given
        Minted admin = Tokens.mint("admin", null);
        for (int i = 0; i < 5; i++) {
            as(admin.token()).delete("/api/v1/tokens/none-" + i).then().statusCode(404);
        }
        await().until(() -> audited("token", admin.name()).size() == 5);

        // When
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            JsonPath page = as(ADMIN)
                    .queryParam("limit", 2)
                    .queryParam("token", admin.name())
                    .queryParam("cursor", cursor)
                    .get("/api/v1/audit")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            seen.addAll(page.getList("items.path"));
            cursor = page.getString("next");
        } while (cursor != null);

        // Then
        assertThat(seen)
                .containsExactly(
                        "/api/v1/tokens/none-4",
                        "/api/v1/tokens/none-3",
                        "/api/v1/tokens/none-2",
                        "/api/v1/tokens/none-1",
                        "/api/v1/tokens/none-0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/v1/events?workload=UPPER | workload",
                "/api/v1/events?type=born | type",
                "/api/v1/events?type=started, | type",
                "/api/v1/events?since=1 | since",
                "/api/v1/sessions?limit=0 | limit",
                "/api/v1/sessions?cursor=x | cursor",
                "/api/v1/sessions?cursor=2026-01-01T00:00:00Z_x | cursor",
                "/api/v1/sessions?cursor=+1000000-01-01T00:00:00Z_0 | cursor",
                "/api/v1/sessions?org=1 | org",
                "/api/v1/audit?limit=1001 | limit",
                "/api/v1/audit?cursor=1 | cursor",
                "/api/v1/audit?cursor=2026-01-01T00:00:00Z_-1 | cursor",
                "/api/v1/audit?since=yesterday | since",
                "/api/v1/audit?since=99999999d | since",
                "/api/v1/audit?until=-1m | until",
                "/api/v1/audit?org=acme | org",
            })
    void shouldNameTheParameterWhenItIsWrong(String uri, String parameter) {
        given().urlEncodingEnabled(false)
                .header("Authorization", "Bearer " + ADMIN)
                .get(uri)
                .then()
                .statusCode(400)
                .body("code", equalTo("parameter-invalid"))
                .body("parameter", equalTo(parameter));
    }

    private String link() {
        String url = as(ADMIN)
                .contentType(ContentType.JSON)
                .post("/api/v1/session/link")
                .then()
                .statusCode(201)
                .extract()
                .path("url");
        return url.replaceFirst(".*#code=", "");
    }

    private static ValidatableResponse redeem(String code, int status) {
        return given().contentType(ContentType.JSON)
                .body("{\"code\":\"" + code + "\"}")
                .post("/api/v1/session")
                .then()
                .statusCode(status);
    }

    private static List<String> audited(String parameter, String value) {
        JsonPath page = as(ADMIN)
                .queryParam(parameter, value)
                .queryParam("limit", 1000)
                .get("/api/v1/audit")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        return page.getList(
                "items.collect { it.method + ' ' + it.path + ' ' + it.workload + ' ' + it.status }", String.class);
    }

    private double failures() {
        return as(ADMIN)
                .get("/metrics")
                .then()
                .extract()
                .asString()
                .lines()
                .filter(line -> line.startsWith("spyhop_sign_ins_failed_total "))
                .mapToDouble(line -> Double.parseDouble(line.replaceFirst(".* ", "")))
                .sum();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private Http byCookie(String uri, String cookie) {
        Http http = Http.openWithout(port, uri, cookie(cookie)).read();
        open.add(http);
        return http;
    }

    private static String cookie(String value) {
        return "Cookie: spyhop_session=" + value;
    }

    private static boolean keptAlive(Http http) {
        return http.lines().contains(": keep-alive");
    }

    private static boolean ended(Http http) {
        return http.lines().contains("<end>");
    }
}
