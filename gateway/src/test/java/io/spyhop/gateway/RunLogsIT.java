package io.spyhop.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.anything;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunStatus;
import io.spyhop.gateway.stream.FakeStore;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What runs wrote: read at their addresses, and looked for in their history. */
@QuarkusTest
@WithTestResource(Backends.class)
class RunLogsIT {
    private static final WorkloadId SERVICE = new WorkloadId("acme-service");
    private static final String ADDRESS = "/api/orgs/acme/deployments/shop/services/api/jobs/";

    private final String job = "j" + UUID.randomUUID().toString().substring(0, 8);
    private final Instant begin = Instant.parse("2026-01-01T00:00:00Z");

    @Inject
    FakeJobs jobs;

    @Inject
    FakeStore store;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void define() {
        Tokens.as(Backends.ADMIN)
                .contentType("application/json")
                .body("{\"command\":\"a\"}")
                .put(ADDRESS + job)
                .then()
                .statusCode(201);
    }

    @AfterEach
    void repair() {
        store.examine(Integer.MAX_VALUE);
        jobs.away(false);
    }

    @Test
    void shouldLeadToTheLinesOfTheRunInEveryWay() throws IOException {
        // Given
        Run run = jobs.add(SERVICE, job, begin, RunStatus.SUCCEEDED);
        store.say(run.id().workload(), begin, "stdout", "info", "migrated 7 rows", "");
        store.say(run.id().workload(), begin, "stderr", "stderr", "careful", "");
        String logs = ADDRESS + job + "/runs/" + run.id() + "/logs";

        // Then
        get(logs).body("items.message", contains("migrated 7 rows", "careful"));
        get(logs + "?stream=stderr&tail=1").body("items.lineNo", contains(2));
        get("/api/v1/workloads/acme-service/jobs/" + job + "/runs/" + run.id() + "/logs?q=rows")
                .body("items.lineNo", contains(1));
        get(logs + "/retention").body("stored", anything());
        assertThat(Http.get(port, logs + "/download", Backends.ADMIN))
                .contains(run.id() + ".log")
                .contains("migrated 7 rows\ncareful\n");
        try (Http stream =
                Http.open(port, logs + "/stream?since=0", Backends.ADMIN).read()) {
            await().untilAsserted(() -> assertThat(stream.numbers()).containsExactly(1L, 2L));
        }
        try (Http socket = Http.open(
                        port,
                        logs + "/ws?since=0",
                        Backends.ADMIN,
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                        "Origin: http://localhost")
                .read()) {
            await().until(() -> socket.lines().contains("HTTP/1.1 101 Switching Protocols"));
        }
    }

    @Test
    void shouldShowThemToWhoMaySeeTheWorkloadAndAtTheirOwnAddressAlone() {
        // Given
        Run run = jobs.add(SERVICE, job, begin, RunStatus.SUCCEEDED);
        store.say(run.id().workload(), begin, "stdout", "info", "hello", "");
        Tokens.Minted foreign = Tokens.mint("admin", "other");
        Tokens.Minted viewer = Tokens.mint("viewer", "acme");
        String logs = "/runs/" + run.id() + "/logs";

        // Then
        for (String more : List.of("", "/download", "/stream", "/retention")) {
            Tokens.as(foreign.token())
                    .get(ADDRESS + job + logs + more)
                    .then()
                    .statusCode(404)
                    .body("code", equalTo("workload-unknown"));
        }
        Tokens.as(viewer.token()).get(ADDRESS + job + logs).then().statusCode(200);
        Tokens.as(viewer.token())
                .contentType("application/json")
                .body("{}")
                .put(ADDRESS + job + logs + "/retention")
                .then()
                .statusCode(403);
        Tokens.as(viewer.token())
                .delete(ADDRESS + job + logs + "?until=1d")
                .then()
                .statusCode(403);
        for (String wrong : List.of(
                ADDRESS + "other" + logs,
                "/api/v1/workloads/acme-shop/jobs/" + job + logs,
                "/api/v1/workloads/other-web/jobs/" + job + logs)) {
            Tokens.as(Backends.ADMIN).get(wrong).then().statusCode(404).body("code", equalTo("run-unknown"));
        }
    }

    @Test
    void shouldReadOnWhileJobsServiceIsAwayWhenTheRunWasAskedForBefore() {
        // Given
        Run known = jobs.add(SERVICE, job, begin, RunStatus.RUNNING);
        Run other = jobs.add(SERVICE, job, begin, RunStatus.RUNNING);
        get(ADDRESS + job + "/runs/" + known.id() + "/logs");

        // When
        jobs.away(true);

        // Then
        get(ADDRESS + job + "/runs/" + known.id() + "/logs");
        Tokens.as(Backends.ADMIN)
                .get(ADDRESS + job + "/runs/" + other.id() + "/logs")
                .then()
                .statusCode(503)
                .body("code", equalTo("dependency-away"));
    }

    @Test
    void shouldListNewestFirstWithTheFiltersThatAreGiven() {
        // Given
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            runs.addFirst(
                    jobs.add(SERVICE, job, begin.plusSeconds(i), i == 2 ? RunStatus.FAILED : RunStatus.TIMED_OUT));
        }

        // When
        JsonPath first = get(ADDRESS + job + "/runs?limit=3").extract().jsonPath();

        // Then
        assertThat(first.getList("items.id")).isEqualTo(ids(runs.subList(0, 3)));
        get(ADDRESS + job + "/runs?limit=3&cursor=" + first.getString("next"))
                .body("items.id", equalTo(ids(runs.subList(3, 5))))
                .body("next", nullValue());
        get(ADDRESS + job + "/runs?status=failed").body("items.id", equalTo(ids(runs.subList(2, 3))));
        get(ADDRESS + job
                + "/runs?status=timed-out&triggeredBy=schedule&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z");
        assertThat(jobs.lastQuery().triggeredBy()).isEqualTo("schedule");
        assertThat(jobs.lastQuery().from()).isEqualTo(begin);
        assertThat(jobs.lastQuery().to()).isEqualTo(Instant.parse("2026-01-02T00:00:00Z"));
        assertThat(jobs.lastQuery().jobId()).isEqualTo(job);
        get("/api/v1/workloads/acme-service/runs?limit=1");
        assertThat(jobs.lastQuery().jobId()).isNull();
    }

    @Test
    void shouldFindWhatRunsInsideInstancesWroteInASearchOfAll() {
        // Given
        String word = "w" + UUID.randomUUID().toString().replace("-", "");
        Tokens.as(Backends.ADMIN)
                .contentType("application/json")
                .body("{\"command\":\"a\",\"mode\":\"exec\"}")
                .put(ADDRESS + job)
                .then()
                .statusCode(200);
        Run run = jobs.add(SERVICE, job, begin, RunStatus.SUCCEEDED);
        store.say(run.id().workload(), begin, "stdout", "info", word, "");
        String search = "/api/v1/logs/search?since=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z&q=" + word;
        String runs = search + "&kind=job-run";

        // Then
        get(runs).body("items.workload", contains(run.id().value()));
        get(runs + "&org=acme&workload=" + run.id())
                .body("items.workload", contains(run.id().value()));
        get(runs + "&workload=acme-worker").body("items.size()", equalTo(0));
        get(runs + "&project=no-such-project").body("items.size()", equalTo(0));
        get(search).body("items.size()", equalTo(0));
        for (String org : List.of("acme", "other")) {
            Tokens.as(Tokens.mint("viewer", org).token())
                    .get(runs)
                    .then()
                    .statusCode(200)
                    .body("items.size()", equalTo(org.equals("acme") ? 1 : 0));
        }
        Tokens.as(Tokens.mint("viewer", "other").token())
                .get(runs + "&org=acme")
                .then()
                .statusCode(200)
                .body("items.size()", equalTo(0));
    }

    @Test
    void shouldFindRunsByTheirOutput() {
        // Given
        List<Run> found = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Run run = jobs.add(SERVICE, job, begin.plusSeconds(i), RunStatus.SUCCEEDED);
            store.say(run.id().workload(), begin, "system", "system", "worker started", "");
            store.say(run.id().workload(), begin, "stdout", "info", i % 3 == 0 ? "Needle " + i : "hay " + i, "");
            if (i % 3 == 0) {
                found.addFirst(run);
            }
        }
        String runs = ADDRESS + job + "/runs?q=needle";

        // When
        JsonPath first = get(runs + "&limit=4").extract().jsonPath();

        // Then
        assertThat(first.getList("items.id")).isEqualTo(ids(found.subList(0, 4)));
        get(runs + "&limit=100&cursor=" + first.getString("next"))
                .body("items.id", equalTo(ids(found.subList(4, 10))))
                .body("next", nullValue());
        get(ADDRESS + job + "/runs?q=started").body("items.size()", equalTo(0));
    }

    private static List<String> ids(List<Run> runs) {
        return runs.stream().map(run -> run.id().value()).toList();
    }

    private static ValidatableResponse get(String uri) {
        return Tokens.as(Backends.ADMIN).get(uri).then().statusCode(200);
    }
}
