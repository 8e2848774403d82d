package io.spyhop.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.RetentionChange;
import io.spyhop.gateway.stream.FakeStore;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of stored lines. Each test has words of its own, since the store is shared. */
@QuarkusTest
@WithTestResource(Backends.class)
class LogsIT {
    private static final String ADMIN = Backends.ADMIN;
    private static final WorkloadId WORKER = new WorkloadId("acme-worker");
    private static final WorkloadId SERVICE = new WorkloadId("acme-service");
    private static final WorkloadId FOREIGN = new WorkloadId("other-web");
    private static final String LOGS = "/api/orgs/acme/projects/site/workers/dev/logs";

    private final String word = "w" + UUID.randomUUID().toString().replace("-", "");
    private final Instant begin = Instant.now().minusSeconds(600);

    @Inject
    FakeStore store;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    private int before;

    @BeforeEach
    void number() {
        before = (int) store.last(WORKER);
    }

    @AfterEach
    void repair() {
        store.away(false);
        store.examine(Integer.MAX_VALUE);
    }

    @Test
    void shouldFilterPageAndShowContext() {
        // Given
        for (int i = 1; i <= 20; i++) {
            say(WORKER, i, i % 5 == 0 ? "stderr" : "stdout", i % 10 == 0 ? "error" : "info", word + " " + i);
        }
        store.examine(3);
        String mine = LOGS + "?q=" + word;

        // Then: the newest, ascending, and where to go on.
        page(mine + "&tail=2")
                .body("items.lineNo", numbers(19, 20))
                .body("through", equalTo(before + 20))
                .body("more", equalTo(false));
        page(mine + "&stream=stderr&limit=2").body("items.lineNo", numbers(15, 20));
        page(mine + "&stream=stderr,system&level=error,warn").body("items.lineNo", numbers(10, 20));
        page(LOGS + "?regex=" + word + "%20(7%7C13)$").body("items.lineNo", numbers(7, 13));
        page(mine + "&since=" + (before + 4) + "&until=" + (before + 7)).body("items.lineNo", numbers(5, 6));
        page(mine + "&since=" + begin.plusSeconds(18)).body("items.lineNo", numbers(18, 19, 20));
        page(mine + "&until=" + begin.plusSeconds(3)).body("items.lineNo", numbers(1, 2));
        page(mine + "&stream=stderr&order=newest&limit=3")
                .body("items.lineNo", numbers(20, 15, 10))
                .body("through", equalTo(before + 10))
                .body("more", equalTo(true));
        page(mine + "&stream=stderr&order=newest&until=" + (before + 10))
                .body("items.lineNo", numbers(5))
                .body("more", equalTo(false));
        page(mine + "&level=error&since=" + before + "&context=1")
                .body("items.lineNo", numbers(9, 10, 11, 19, 20))
                .body("matched", numbers(10, 20));
        page(mine + "&fields.user.id=7&tail=1").body("items.size()", equalTo(1));
        page(mine + "&fields.user.id=8").body("items", equalTo(List.of()));
        page(LOGS + "?order=newest&limit=2").body("items.lineNo", numbers(20, 19));
    }

    @Test
    void shouldLeaveOutEscapesWhenAsked() {
        // Given
        say(WORKER, 1, "stdout", "info", word + " \\" + "u001b[31mred");

        // Then
        page(LOGS + "?tail=1").body("items[0].message", equalTo(word + " \u001b[31mred"));
        page(LOGS + "?tail=1&strip=ansi").body("items[0].message", equalTo(word + " red"));
        page(LOGS + "?q=" + word + "&strip=ansi").body("items[0].message", equalTo(word + " red"));
    }

    @ParameterizedTest
    @CsvSource({
        "tail=1&since=1,tail",
        "tail=1&order=newest,order",
        "order=sideways,order",
        "context=1,context",
        "context=101&q=x,context",
        "context=-1&q=x,context",
        "stream=stdout&stream=stderr,stream",
        "stream=nowhere,stream",
        "'stream=stdout,',stream",
        "level=UPPER,level",
        "regex=(,regex",
        "since=,since",
        "since=5&until=5,until",
        "since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z,until",
        "until=-1,until",
        "until=soon,until",
        "strip=html,strip",
        "fields.=x,fields.",
        "fields=x,fields",
        "Q=x,Q"
    })
    void shouldNameTheParameterWhenAPageIsAskedForWrongly(String query, String parameter) {
        given().header("Authorization", "Bearer " + ADMIN)
                .urlEncodingEnabled(false)
                .get(LOGS + "?" + query)
                .then()
                .statusCode(400)
                .body("code", equalTo("parameter-invalid"))
                .body("parameter", equalTo(parameter));
    }

    @Test
    void shouldSearchWhatTheTokenMaySeeAndTellWhen() {
        // Given
        for (int i = 0; i < 10; i++) {
            say(i % 2 == 0 ? WORKER : SERVICE, i * 60, "stdout", "info", word + " " + i);
        }
        say(FOREIGN, 30, "stdout", "info", word + " foreign");
        store.examine(4);
        String search =
                "/api/v1/logs/search?q=" + word + "&since=" + begin + "&until=" + begin.plusSeconds(600) + "&buckets=5";

        // When
        JsonPath all = page(search).extract().jsonPath();
        JsonPath own = as(mint("acme"))
                .get(search + "&limit=3")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        JsonPath next = as(ADMIN)
                .get(search + "&org=acme&limit=3&cursor=" + own.getString("next"))
                .then()
                .extract()
                .jsonPath();

        // Then
        assertThat(all.getList("items")).hasSize(11);
        assertThat(all.getBoolean("complete")).isTrue();
        assertThat(all.getList("histogram.counts")).isEqualTo(List.of(3, 2, 2, 2, 2));
        assertThat(all.getInt("histogram.stepSeconds")).isEqualTo(120);
        assertThat(all.getMap("")).doesNotContainKey("next");
        assertThat(own.getList("items.message")).isEqualTo(List.of(word + " 9", word + " 8", word + " 7"));
        assertThat(own.getList("items.workload")).isEqualTo(List.of("acme-service", "acme-worker", "acme-service"));
        assertThat(own.getList("histogram.counts")).isEqualTo(List.of(2, 2, 2, 2, 2));
        assertThat(own.getInt("examined.lines")).isPositive();
        assertThat(next.getList("items.message")).isEqualTo(List.of(word + " 6", word + " 5", word + " 4"));
        page(search + "&workload=acme-worker,unknown").body("items.size()", equalTo(5));
        page(search + "&workload=acme-worker&workload=" + unknown(199)).body("items.size()", equalTo(5));
        as(ADMIN)
                .get(search + "&workload=acme-worker&workload=" + unknown(200))
                .then()
                .statusCode(400)
                .body("parameter", equalTo("workload"));
        page(search + "&project=site").body("items.size()", equalTo(5));
        page(search + "&kind=service").body("items.size()", equalTo(5));
        as(mint("acme")).get(search + "&org=other").then().statusCode(200).body("items", equalTo(List.of()));
        as(mint("acme"))
                .get(search + "&workload=other-web")
                .then()
                .statusCode(200)
                .body("items", equalTo(List.of()));
    }

    @Test
    void shouldTellFindingsAsTheyComeWhenAStreamIsAskedFor() {
        // Given
        for (int i = 0; i < 10; i++) {
            say(WORKER, i * 60, "stdout", "info", word + " " + i);
        }
        store.examine(4);

        // When
        Http http = Http.open(
                        port,
                        "/api/v1/logs/search?q=" + word + "&workload=acme-worker&since=" + begin,
                        ADMIN,
                        "Accept: text/event-stream")
                .read();

        // Then
        await().until(() -> http.lines().contains("<end>"));
        List<String> lines = http.lines();
        assertThat(lines).contains("content-type: text/event-stream");
        assertThat(lines.stream().filter("event: lines"::equals)).hasSizeGreaterThan(1);
        assertThat(lines).contains("event: progress").containsSequence("event: end", "data: {\"complete\":true}", "");
        assertThat(lines)
                .anyMatch(line -> line.startsWith("data: {\"items\":[{\"workload\":\"acme-worker\",\"lineNo\":"));
    }

    @ParameterizedTest
    @CsvSource({
        "since=5,since",
        "until=1970-01-01T00:00:00Z,until",
        "buckets=0,buckets",
        "buckets=501,buckets",
        "limit=5001,limit",
        "cursor=x,cursor",
        "kind=planet,kind",
        "workload=UPPER,workload",
        "tail=1,tail",
        "regex=[,regex"
    })
    void shouldNameTheParameterWhenASearchIsWrong(String query, String parameter) {
        given().header("Authorization", "Bearer " + ADMIN)
                .urlEncodingEnabled(false)
                .get("/api/v1/logs/search?" + query)
                .then()
                .statusCode(400)
                .body("parameter", equalTo(parameter));
    }

    @Test
    void shouldDownloadWhatIsAskedForInEveryForm() throws IOException {
        // Given
        say(WORKER, 1, "stdout", "info", word + " one \\t\\\"tab\\\"");
        say(WORKER, 2, "stderr", "stderr", word + " \\" + "u001b[1mtwo");
        String mine = LOGS + "/download?since=" + before;

        // When
        byte[] zipped = as(ADMIN)
                .get(mine + "&gzip=true")
                .then()
                .statusCode(200)
                .header("Content-Disposition", "attachment; filename=\"acme-worker.log.gz\"")
                .extract()
                .asByteArray();

        // Then
        String text = word + " one \t\"tab\"\n" + word + " \u001b[1mtwo\n";
        as(ADMIN)
                .get(mine)
                .then()
                .statusCode(200)
                .contentType("text/plain;charset=utf-8")
                .body(equalTo(text));
        assertThat(new String(
                        new GZIPInputStream(new ByteArrayInputStream(zipped)).readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(text);
        as(ADMIN)
                .get(mine + "&stream=stderr&strip=ansi&timestamps=true")
                .then()
                .body(equalTo(FakeStore.time(begin.plusSeconds(2)) + " stderr " + word + " two\n"));
        as(ADMIN)
                .get(mine + "&format=ndjson&q=" + word + "&until=" + (before + 2))
                .then()
                .header("Content-Disposition", endsWith("acme-worker.ndjson\""))
                .body(startsWith("{\"lineNo\":" + (before + 1) + ","));
        assertThat(as(ADMIN).head(mine).statusCode()).isEqualTo(405);
        assertThat(as(ADMIN).post(mine).statusCode()).isEqualTo(405);
    }

    @Test
    void shouldDownloadEveryLineWhenThereAreManyPages() {
        // Given
        long first = store.last(SERVICE) + 1;
        store.store(SERVICE, 12_345);
        String download = "/api/v1/workloads/acme-service/logs/download?since=" + (first - 1);
        store.examine(1000);

        // When
        String plain = as(ADMIN).get(download).asString();
        String filtered = as(ADMIN).get(download + "&stream=stdout").asString();

        // Then
        assertThat(plain.lines()).hasSize(12_345);
        assertThat(filtered).isEqualTo(plain);
        assertThat(plain).startsWith("line " + first + " ").endsWith("line " + (first + 12_344) + " ünïcode\n");
    }

    @Test
    void shouldNotLookCompleteWhenTheStoreGoesAwayMeanwhile() {
        // Given: more than the network takes at once.
        long first = store.last(SERVICE) + 1;
        store.store(SERVICE, 200_000);
        int asked = store.asked();
        Http http = Http.open(port, "/api/v1/workloads/acme-service/logs/download?since=" + first, ADMIN);

        // When
        await().until(() -> store.asked() > asked);
        store.away(true);
        http.read();

        // Then
        await().until(() -> http.lines().stream().anyMatch(line -> line.startsWith("<")));
        assertThat(http.lines()).contains("HTTP/1.1 200 OK");
        assertThat(http.lines().getLast()).isNotEqualTo("<end>");
        as(ADMIN).get(LOGS + "/download").then().statusCode(503).body("code", equalTo("dependency-away"));
    }

    @Test
    void shouldLeavePlacesToOthersWhenATokenDownloadsAllItMay() throws IOException {
        // Given: clients that do not read.
        long first = store.last(SERVICE) + 1;
        store.store(SERVICE, 200_000);
        String download = "/api/v1/workloads/acme-service/logs/download?since=" + first;
        String token = mint("acme");
        List<Http> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                stalled.add(Http.open(port, download, token));
            }

            // Then
            await().untilAsserted(() -> as(token)
                    .get(download + "&until=" + (first + 2))
                    .then()
                    .statusCode(429)
                    .body("code", equalTo("too-many"))
                    .body("detail", containsString("to one token")));
            as(mint("acme")).get(download + "&until=" + (first + 2)).then().statusCode(200);
        } finally {
            for (Http client : stalled) {
                client.close();
            }
        }
        await().untilAsserted(() ->
                as(token).get(download + "&until=" + (first + 2)).then().statusCode(200));
    }

    @Test
    void shouldShowSetAndAuditHowLongLinesAreKept() {
        // Given
        String viewer = mint("acme");
        String body = "{\"output\":\"36h\",\"maxBytes\":1000000}";

        // Then
        as(viewer)
                .get(LOGS + "/retention")
                .then()
                .statusCode(200)
                .body("output", equalTo("7d"))
                .body("outputFrom", equalTo("default"));
        put(viewer, body).statusCode(403).body("code", equalTo("role-missing"));
        put(ADMIN, body)
                .statusCode(200)
                .body("output", equalTo("36h"))
                .body("outputFrom", equalTo("api"))
                .body("maxBytes", equalTo(1_000_000));
        assertThat(store.kept(WORKER)).isEqualTo(new RetentionChange("36h", null, 1_000_000L));
        put(ADMIN, "{}").statusCode(200).body("output", equalTo("7d"));
        await().untilAsserted(() -> as(ADMIN)
                .get("/api/v1/audit?limit=1000")
                .then()
                .body("items.find { it.path == '" + LOGS + "/retention' }.workload", equalTo("acme-worker")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"output\":\"soon\"}",
                "{\"output\":7}",
                "{\"system\":\"0d\"}",
                "{\"maxBytes\":0}",
                "{\"maxBytes\":\"5\"}",
                "{\"surprise\":1}",
                "[]",
                ""
            })
    void shouldRefuseWhenWhatIsToBeKeptIsWrong(String body) {
        put(ADMIN, body).statusCode(400).body("code", equalTo("body-invalid"));
    }

    @Test
    void shouldDeleteLinesWhenAdmin() {
        // Given
        for (int i = 1; i <= 5; i++) {
            say(WORKER, i, "stdout", "info", word);
        }
        String viewer = mint("acme");
        // The store deletes a line with each call.
        store.examine(1);

        // Then
        as(viewer).delete(LOGS + "?until=5").then().statusCode(403);
        as(ADMIN).delete(LOGS).then().statusCode(400).body("parameter", equalTo("until"));
        as(ADMIN).delete(LOGS + "?until=" + (before + 3)).then().statusCode(200).body("deleted", notNullValue());
        page(LOGS + "?q=" + word).body("items.lineNo", numbers(3, 4, 5));
        as(ADMIN)
                .delete(LOGS + "?until=" + begin.plusSeconds(5))
                .then()
                .statusCode(200)
                .body("deleted", equalTo(2));
        page(LOGS + "?q=" + word).body("items.lineNo", numbers(5));
        as(ADMIN)
                .delete(LOGS + "?until=" + (before + 5) + "&x=1")
                .then()
                .statusCode(400)
                .body("parameter", equalTo("x"));
    }

    @Test
    void shouldGiveTheFileOfAnAppWhenJsonIsAsked() {
        as(ADMIN)
                .header("Accept", "application/json")
                .get("/api/v1/apps/chat/logs?stream=stderr")
                .then()
                .statusCode(200)
                .body("items", equalTo(List.of()));
    }

    private static String unknown(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "an-id-as-long-as-those-often-are-" + i)
                .collect(Collectors.joining(","));
    }

    private void say(WorkloadId workload, int second, String stream, String level, String message) {
        store.say(workload, begin.plusSeconds(second), stream, level, message, ",\"fields\":{\"user\":{\"id\":7}}");
    }

    private org.hamcrest.Matcher<List<Integer>> numbers(Integer... offsets) {
        return equalTo(
                java.util.Arrays.stream(offsets).map(offset -> before + offset).toList());
    }

    private static ValidatableResponse page(String uri) {
        return given().header("Authorization", "Bearer " + ADMIN)
                .urlEncodingEnabled(false)
                .get(uri)
                .then()
                .statusCode(200);
    }

    private static ValidatableResponse put(String token, String body) {
        return as(token)
                .contentType("application/json")
                .body(body)
                .put(LOGS + "/retention")
                .then();
    }

    private static String mint(String org) {
        return as(ADMIN)
                .contentType("application/json")
                .body(Map.of("name", "t " + UUID.randomUUID(), "role", "viewer", "orgs", List.of(org)))
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
