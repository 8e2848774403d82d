package io.spyhop.gateway;

import static io.restassured.RestAssured.given;
import static io.spyhop.gateway.PortClient.await;
import static io.spyhop.gateway.Tokens.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.gateway.Tokens.Minted;
import io.spyhop.gateway.ports.PortsTable;
import io.spyhop.gateway.ports.Tables;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets through a port's host, and what becomes of requests that should not. */
@QuarkusTest
@WithTestResource(Backends.class)
class PortProxyIT {
    private static final String ADMIN = Backends.ADMIN;
    private static final String COOKIE = "__Host-spyhop-port";
    private static final String PAGE = "text/html,application/xhtml+xml";

    @Inject
    Vertx vertx;

    @Inject
    PortsTable table;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private Program program;

    @BeforeEach
    void start() {
        program = keep(Program.start(vertx, table));
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void shouldLetABrowserInByWayOfTheDashboardWhenItIsSignedInThere() {
        // Given: the port's host knows nobody, and sends to the dashboard
        String to = at(program)
                .header("Accept", PAGE)
                .redirects()
                .follow(false)
                .get("/echo?x=1")
                .then()
                .statusCode(302)
                .header("Cache-Control", "no-store")
                .extract()
                .header("Location");
        assertThat(to).isEqualTo("http://localhost:" + port + "/#open=" + program.label() + "&to=%2Fecho%3Fx%3D1");

        // When: which makes a way in
        String way = pass(Tokens.signIn(ADMIN), program.label(), "/echo?x=1");
        assertThat(way).startsWith("http://" + program.host() + ":" + port + "/.spyhop/enter?code=");
        ValidatableResponse entered = enter(program, way)
                .statusCode(303)
                .header("Location", equalTo("/echo?x=1"))
                .header("Set-Cookie", containsString("; Path=/"))
                .header("Set-Cookie", containsString("; Secure"))
                .header("Set-Cookie", containsString("; HTTPOnly"))
                .header("Set-Cookie", containsString("; SameSite=Lax"));
        String cookie = entered.extract().cookie(COOKIE);

        // Then: of which the program sees nothing
        withCookie(program, cookie)
                .cookie("own", "1")
                .get("/echo?x=1")
                .then()
                .statusCode(200)
                .body("headers.cookie", equalTo("own=1"));
        // Then: once, and at that host only
        enter(program, way).statusCode(401);
        Program other = keep(Program.start(vertx, table));
        withCookie(other, cookie).get("/200").then().statusCode(401);
        enter(other, pass(Tokens.signIn(ADMIN), program.label(), "/")).statusCode(401);
        assertThat(other.requests()).isZero();
    }

    @Test
    void shouldEndWithTheSessionWhenItWasOpenedByOne() throws Exception {
        // Given
        Minted viewer = Tokens.mint("viewer", "acme");
        String session = Tokens.signIn(viewer.token());
        String cookie =
                enter(program, pass(session, program.label(), "/")).extract().cookie(COOKIE);
        withCookie(program, cookie).get("/200").then().statusCode(200);
        PortClient client = keep(new PortClient(vertx, port));
        Promise<Void> closed = Promise.promise();
        await(client.webSocket(program, "/ws", "Cookie", COOKIE + "=" + cookie, "Authorization", "Basic eA==")
                .onSuccess(socket -> socket.closeHandler(closed::complete)));

        // When
        Tokens.revoke(viewer.id());

        // Then: what is open too
        await(closed.future());
        withCookie(program, cookie).get("/200").then().statusCode(401);
    }

    @Test
    void shouldTakeATokenAndKeepItFromTheProgram() {
        // Given
        Minted viewer = Tokens.mint("viewer", "acme");
        Minted foreign = Tokens.mint("viewer", "other");

        // When / Then
        at(program)
                .header("Authorization", "Bearer " + viewer.token())
                .get("/echo")
                .then()
                .statusCode(200)
                .body("headers.authorization", equalTo(null));
        // Then: who may not see the workload learns nothing of it
        String known = at(program)
                .header("Authorization", "Bearer " + foreign.token())
                .get("/echo")
                .then()
                .statusCode(404)
                .extract()
                .asString();
        String unknown = given().header("Host", "worker-0-nobody-80.localhost")
                .header("Authorization", "Bearer " + foreign.token())
                .get("/echo")
                .then()
                .statusCode(404)
                .extract()
                .asString();
        assertThat(known).isEqualTo(unknown);
        // Then: a wrong one of Spyhop's goes no further
        at(program)
                .header("Authorization", "Bearer spy_wrong")
                .get("/echo")
                .then()
                .statusCode(401);
        assertThat(program.requests()).isEqualTo(1);
    }

    @Test
    void shouldTellNobodyWhichPortsThereAreWhenNobodyIsSignedIn() {
        // When
        String hidden = at(program).get("/").then().statusCode(401).extract().asString();
        String unknown = given().header("Host", "worker-0-nobody-80.localhost")
                .get("/")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", "Bearer")
                .extract()
                .asString();

        // Then
        assertThat(hidden).isEqualTo(unknown);
        assertThat(program.requests()).isZero();
    }

    @Test
    void shouldBeOpenToAllWhenItsLabelSaysSoUntilTheApiSaysOtherwise() {
        // Given
        Program open = keep(Program.start(vertx, table, "acme", "public", false));

        // When / Then: what stands in Authorization is the program's
        at(open).header("Authorization", "Basic eA==")
                .get("/echo")
                .then()
                .statusCode(200)
                .body("headers.authorization", equalTo("Basic eA=="));
        at(open).header("Authorization", "Bearer of-the-programs-own")
                .get("/echo")
                .then()
                .statusCode(200)
                .body("headers.authorization", equalTo("Bearer of-the-programs-own"));
        at(open).header(
                        "Authorization",
                        "Bearer " + Tokens.mint("viewer", "other").token())
                .get("/echo")
                .then()
                .statusCode(200)
                .body("headers.authorization", equalTo(null));
        at(open).header("Authorization", "Bearer spy_wrong").get("/200").then().statusCode(401);
        // Then: also from pages of other hosts, in a browser that was let in once
        String cookie = enter(open, pass(Tokens.signIn(ADMIN), open.label(), "/"))
                .extract()
                .cookie(COOKIE);
        at(open).cookie(COOKIE, cookie)
                .header("Origin", "http://elsewhere.example.com")
                .get("/200")
                .then()
                .statusCode(200);
        assertThat(open.requests()).isEqualTo(4);
    }

    @Test
    void shouldBeOpenedAndClosedByTheApiWhenAnOperatorSaysSo() {
        // Given: a workload that the catalogue knows
        ListeningPorts instance = Tables.instance("acme-app", "acme", 3, "none", null, null, program.port());
        table.changed(instance.key(), instance);
        String path = "/api/v1/workloads/acme-app/ports/" + program.port() + "/visibility";
        RequestSpecification nobody = given().header("Host", "worker-3-acme-app-" + program.port() + ".localhost");
        nobody.get("/").then().statusCode(401);

        // When / Then: who may only look may not
        put(Tokens.mint("viewer", "acme").token(), path, "public").statusCode(403);
        put(Tokens.mint("operator", "other").token(), path, "public").statusCode(404);
        put(ADMIN, path, "hidden").statusCode(400).body("detail", containsString("private or public"));
        put(ADMIN, path.replace("/" + program.port(), "/65536"), "public").statusCode(404);
        nobody.get("/").then().statusCode(401);
        put(Tokens.mint("operator", "acme").token(), path, "public")
                .statusCode(200)
                .body("port", equalTo(program.port()))
                .body("visibility", equalTo("public"));
        // Then: it is open, though nothing answers there
        nobody.get("/").then().statusCode(502).body("code", equalTo("port-away"));
        put(ADMIN, path, "private").statusCode(200);
        nobody.get("/").then().statusCode(401);
        table.removed(instance.key(), instance);
    }

    @Test
    void shouldTellWhenItWasLastSeenWhenAPortIsGone() {
        // Given
        RequestSpecification gone =
                given().header("Host", program.label(1) + ".localhost").header("Authorization", "Bearer " + ADMIN);

        // When / Then
        gone.get("/").then().statusCode(404).body("code", equalTo("port-unknown"));
        gone.header("Accept", PAGE)
                .get("/")
                .then()
                .statusCode(404)
                .contentType("text/html")
                .body(containsString("last seen at 2026-11-22T03:04:05Z"))
                .body(containsString(program.label(1)));
        // Then: what was there once is found by no other port
        program.listen();
        at(program)
                .header("Authorization", "Bearer " + ADMIN)
                .get("/200")
                .then()
                .statusCode(404);
        assertThat(program.requests()).isZero();
    }

    @Test
    void shouldTellThatNothingAnswersWhenAPortRefuses() throws IOException {
        // Given: a port that was free a moment ago
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        program.listen(free);

        // When / Then
        given().header("Host", program.label(free) + ".localhost")
                .header("Authorization", "Bearer " + ADMIN)
                .get("/")
                .then()
                .statusCode(502)
                .body("code", equalTo("port-away"))
                .body("detail", containsString("refuses connections"));
    }

    @Test
    void shouldNotReachAnotherContainersProcessWhenThePidWasUsedAgain() {
        // Given: the container's id is in no control group
        ListeningPorts instance = Tables.instance(
                program.workload(),
                "acme",
                0,
                "f".repeat(64),
                ProcessHandle.current().pid(),
                null,
                program.port());
        program.forget();
        table.changed(instance.key(), instance);

        // When / Then
        at(program)
                .header("Authorization", "Bearer " + ADMIN)
                .get("/200")
                .then()
                .statusCode(502)
                .body("detail", containsString("cannot be reached from where Spyhop runs"));
        assertThat(program.requests()).isZero();
        table.removed(instance.key(), instance);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://worker-0-evil-80.localhost:8080",
                "Origin: null",
                "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: no-cors",
                "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors",
            })
    void shouldNotServeAPageOfAnotherContainerWhenItUsesABrowsersCookie(String headers) {
        // Given
        String cookie = enter(program, pass(Tokens.signIn(ADMIN), program.label(), "/"))
                .extract()
                .cookie(COOKIE);

        // When
        String answer =
                raw("GET /200 HTTP/1.1", "Host: " + program.host(), "Cookie: " + COOKIE + "=" + cookie, headers);

        // Then
        assertThat(answer).startsWith("HTTP/1.1 403 ").contains("origin-foreign");
        assertThat(program.requests()).isZero();
        assertThat(raw(
                        "GET /200 HTTP/1.1",
                        "Host: " + program.host(),
                        "Cookie: " + COOKIE + "=" + cookie,
                        "Origin: http://" + program.host()))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void shouldNotLeadElsewhereWhenAWayInIsMade() {
        // Given
        String session = Tokens.signIn(ADMIN);

        // When / Then
        for (String to : List.of("//evil.example.com", "/\\evil.example.com", "https://evil.example.com", "x", "")) {
            passes(session, program.label(), to).statusCode(400).body("code", equalTo("body-invalid"));
        }
        passes(session, "worker-0-nobody-80", "/").statusCode(404).body("code", equalTo("port-unknown"));
        passes(session, "evil.example.com/", "/").statusCode(404);
        passes(session, null, "/").statusCode(400);
        passes(Tokens.signIn(Tokens.mint("viewer", "other").token()), program.label(), "/")
                .statusCode(404);
        given().get("/.spyhop/enter").then().statusCode(404);
        at(program).get("/.spyhop/enter?code=x&to=//evil.example.com").then().statusCode(400);
        passes(session, program.label(1), "/").statusCode(201).body("expiresAt", notNullValue());
    }

    private RequestSpecification at(Program where) {
        return given().header("Host", where.host());
    }

    private RequestSpecification withCookie(Program where, String cookie) {
        return at(where).cookie(COOKIE, cookie);
    }

    private ValidatableResponse put(String token, String path, String visibility) {
        return as(token)
                .contentType(ContentType.JSON)
                .body("{\"visibility\":\"" + visibility + "\"}")
                .put(path)
                .then();
    }

    private ValidatableResponse passes(String session, @Nullable String name, String to) {
        String named = name == null ? "" : "\"name\":\"" + name + "\",";
        return given().cookie("spyhop_session", session)
                .header("Origin", RestAssured.baseURI + ":" + port)
                .contentType(ContentType.JSON)
                .body("{" + named + "\"to\":\"" + to.replace("\\", "\\\\") + "\"}")
                .post("/api/v1/port-passes")
                .then();
    }

    private String pass(String session, String name, String to) {
        return passes(session, name, to).statusCode(201).extract().path("url");
    }

    /** Follows a way in at a host. */
    private ValidatableResponse enter(Program where, String way) {
        String query = way.substring(way.indexOf('?') + 1);
        RequestSpecification request = at(where).redirects().follow(false);
        for (String pair : query.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            request.queryParam(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return request.get("/.spyhop/enter").then();
    }

    private String raw(String... rows) {
        return Http.exchange(port, String.join("\r\n", rows) + "\r\nConnection: close\r\n\r\n");
    }

    private <T extends AutoCloseable> T keep(T each) {
        opened.add(each);
        return each;
    }
}
