package io.spyhop.gateway;

import static io.spyhop.gateway.Tokens.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.metric.GroupBy;
import io.spyhop.contracts.metric.SeriesQuery;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What workloads use and used, of services in memory. */
@QuarkusTest
@WithTestResource(Backends.class)
class StatsIT {
    private static final String ADMIN = Backends.ADMIN;
    private static final String APP = "/api/v1/workloads/acme-app";

    @Inject
    FakeUsage usage;

    @Inject
    FakeMetrics metrics;

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    private final List<Http> open = new ArrayList<>();

    @BeforeEach
    void begin() {
        usage.reset();
    }

    @AfterEach
    void end() throws IOException {
        for (Http http : open) {
            http.close();
        }
        usage.reset();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/workloads/acme-app",
                "/api/v1/apps/chat",
                "/api/orgs/acme/deployments/shop/services/api",
                "/api/orgs/acme/projects/site/workers/dev",
                "/api/deployments/shop"
            })
    void shouldShowWhatIsUsedUnderEveryAddress(String address) {
        // Given
        for (String id : List.of("acme-app", "acme-service", "acme-worker", "acme-shop")) {
            usage.set(FakeUsage.of(id, "acme", "local", 0, FakeUsage.usage(150.5, 32, 64, true, 1000L)));
            usage.set(FakeUsage.of(id, "acme", "local", 1, FakeUsage.usage(null, 16, 32, true, null)));
        }

        // Then
        as(ADMIN)
                .get(address + "/stats")
                .then()
                .statusCode(200)
                .body("sampledAt", equalTo("2026-11-22T03:04:05.123Z"))
                .body("cpuPct", equalTo(150.5f))
                .body("memUsedMb", equalTo(48f))
                .body("memLimitMb", equalTo(96f))
                .body("memLimited", equalTo(true))
                .body("memPct", equalTo(50f))
                .body("netRxBytes", equalTo(1000))
                .body("pids", equalTo(6))
                .body("$", not(hasKey("netTxBytes")))
                .body("instances.index", contains(0, 1))
                .body("instances[0].way", equalTo("kernel"))
                .body("instances[0].host", equalTo("local"))
                .body("instances[0].containerId", notNullValue())
                .body("instances[1].cpuPct", nullValue());
    }

    @Test
    void shouldTellApartThatNothingRunsAndThatNobodyKnows() {
        // Then
        as(ADMIN)
                .get("/api/v1/workloads/other-web/stats")
                .then()
                .statusCode(503)
                .contentType("application/problem+json")
                .body("code", equalTo("nothing-runs"))
                .header("Retry-After", nullValue());
        as(ADMIN)
                .get(APP + "/stats")
                .then()
                .statusCode(503)
                .body("code", equalTo("dependency-away"))
                .header("Retry-After", notNullValue());
        usage.setAway(true);
        as(ADMIN)
                .get(APP + "/stats")
                .then()
                .statusCode(503)
                .body("code", equalTo("dependency-away"))
                .body("detail", equalTo("metrics-service is away"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/stats", "/stats/stream", "/metrics", "/metrics?step=raw"})
    void shouldNotExistForAnotherOrgAndWithoutAToken(String path) {
        // Given
        usage.set(FakeUsage.of("acme-app", "acme", "local", 0, FakeUsage.usage(1.0, 32, 64, true, null)));
        String foreign = Tokens.mint("viewer", "other").token();

        // Then
        as(foreign).get(APP + path).then().statusCode(404).body("code", equalTo("workload-unknown"));
        io.restassured.RestAssured.given().get(APP + path).then().statusCode(401);
    }

    @Test
    void shouldStreamEachSecondToAllWatchersByOneQuestion() {
        // Given
        usage.set(FakeUsage.of("acme-app", "acme", "local", 0, FakeUsage.usage(12.5, 32, 64, true, null)));

        // When
        List<Http> watchers = List.of(stream(APP), stream("/api/v1/apps/chat"), stream(APP));

        // Then
        await().untilAsserted(() -> assertThat(watchers)
                .allSatisfy(each -> assertThat(figures(each)).hasSizeGreaterThanOrEqualTo(3)));
        assertThat(figures(watchers.getFirst()))
                .allSatisfy(row -> assertThat(row).contains("\"cpuPct\":12.5", "\"instances\":[{\"index\":0,"));
        assertThat(watchers.getFirst().lines()).contains("content-type: text/event-stream", "X-Accel-Buffering: no");
        assertThat(usage.asked().size())
                .isLessThanOrEqualTo(figures(watchers.getFirst()).size() + 2);
    }

    @Test
    void shouldSayThatNothingRunsAndKeepAlive() {
        // When
        Http http = stream("/api/v1/workloads/other-web");

        // Then
        await().until(() -> http.lines().contains("event: idle"));
        await().until(() -> http.lines().contains(": keep-alive"));
        usage.set(FakeUsage.of("other-web", "other", "local", 0, FakeUsage.usage(12.5, 32, 64, true, null)));
        await().until(() -> !figures(http).isEmpty());
        assertThat(http.lines()).filteredOn("event: idle"::equals).hasSize(1);
    }

    @Test
    void shouldEndTheStreamWhenTheTokenIsRevoked() {
        // Given
        Tokens.Minted viewer = Tokens.mint("viewer", "acme");
        Http http = Http.open(port, APP + "/stats/stream", viewer.token()).read();
        open.add(http);
        await().until(() -> http.lines().contains(": spyhop"));

        // When
        Tokens.revoke(viewer.id());

        // Then
        await().until(() -> http.lines().contains("<end>"));
    }

    @Test
    void shouldStopAskingWhenNobodyWatches() throws IOException {
        // Given
        Http http = stream(APP);
        await().until(() -> !usage.asked().isEmpty());

        // When
        http.close();

        // Then
        await().during(Duration.ofMillis(2500)).atMost(Duration.ofSeconds(20)).until(() -> {
            boolean none = usage.asked().isEmpty();
            usage.asked().clear();
            return none;
        });
    }

    @Test
    void shouldShowFiguresOverTime() {
        // When
        as(ADMIN)
                .get(APP + "/metrics?from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z&step=5m")
                .then()
                .statusCode(200)
                .body("from", equalTo("2026-11-20T00:00:00Z"))
                .body("to", equalTo("2026-11-21T00:00:00Z"))
                .body("step", equalTo("15m"))
                .body("series[0].name", equalTo("cpuPct"))
                .body("series[0].unit", equalTo("percent"))
                .body("series[0].instance", equalTo(0))
                .body("series[0].points[0]", contains(1_764_000_000_000L, 1.5f))
                .body("series[0]", not(hasKey("group")));

        // Then
        assertThat(metrics.asked())
                .isEqualTo(new SeriesQuery(
                        Instant.parse("2026-11-20T00:00:00Z"), Instant.parse("2026-11-21T00:00:00Z"), 300L));
        as(ADMIN).get(APP + "/metrics").then().statusCode(200);
        assertThat(Duration.between(metrics.asked().from(), metrics.asked().to()))
                .isEqualTo(Duration.ofDays(3));
        assertThat(metrics.asked().stepSeconds()).isNull();
        as(ADMIN).get(APP + "/metrics?from=15m").then().statusCode(200);
        assertThat(Duration.between(metrics.asked().from(), metrics.asked().to()))
                .isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void shouldPageSamplesWhenTheyAreWantedRaw() {
        // Then
        String next = as(ADMIN)
                .get(APP + "/metrics?step=raw&to=2026-11-21T00:00:00Z&limit=7")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].deploymentId", equalTo("acme-app"))
                .body("items[0].sampledAt", equalTo("2026-11-21T00:00:00Z"))
                .body("items[0].instance", equalTo(0))
                .body("items[0].containerId", equalTo("c0ffee"))
                .body("items[0].cpuPct", equalTo(1.5f))
                .body("items[0].memUsedMb", equalTo(7f))
                .body("items[0].memLimited", equalTo(true))
                .extract()
                .path("next");
        as(ADMIN)
                .get(APP + "/metrics?step=raw&cursor=" + next)
                .then()
                .statusCode(200)
                .body("items[0].instance", equalTo(1))
                .body("items[0].memUsedMb", equalTo(100f))
                .body("$", not(hasKey("next")));
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/workloads/acme-app/metrics?from=yesterday,from",
        "/api/v1/workloads/acme-app/metrics?from=1h&to=2h,from",
        "/api/v1/workloads/acme-app/metrics?step=0s,step",
        "/api/v1/workloads/acme-app/metrics?step=1w,step",
        "/api/v1/workloads/acme-app/metrics?limit=5,limit",
        "/api/v1/workloads/acme-app/metrics?cursor=x,cursor",
        "/api/v1/workloads/acme-app/metrics?step=raw&limit=0,limit",
        "/api/v1/workloads/acme-app/metrics?step=raw&limit=5001,limit",
        "/api/v1/workloads/acme-app/stats?x=1,x",
        "/api/v1/workloads/acme-app/stats/stream?x=1,x",
        "/api/v1/metrics/top?by=disk,by",
        "/api/v1/metrics/top?limit=101,limit",
        "/api/v1/metrics/aggregate,group",
        "/api/v1/metrics/aggregate?group=planet,group",
        "/metrics?x=1,x"
    })
    void shouldNameTheParameterThatIsWrong(String path, String parameter) {
        // Then
        as(ADMIN)
                .get(path)
                .then()
                .statusCode(400)
                .body("code", equalTo("parameter-invalid"))
                .body("parameter", equalTo(parameter));
    }

    @Test
    void shouldNameTheGreediestOfWhatTheTokenMaySee() {
        // Given
        usage.set(FakeUsage.of("acme-app", "acme", "local", 0, FakeUsage.usage(1.0, 60, 64, true, null)));
        usage.set(FakeUsage.of("acme-shop", "acme", "local", 0, FakeUsage.usage(90.0, 10, 64, true, null)));
        usage.set(FakeUsage.of("acme-service", "acme", "local", 0, FakeUsage.usage(null, 5, 64, true, null)));
        usage.set(FakeUsage.of("other-web", "other", "local", 0, FakeUsage.usage(95.0, 63, 64, true, null)));
        String acme = Tokens.mint("viewer", "acme").token();
        String path = "/api/v1/metrics/top";

        // Then
        as(ADMIN)
                .get(path)
                .then()
                .statusCode(200)
                .body("items.workload", contains("other-web", "acme-shop", "acme-app", "acme-service"))
                .body("items[0].cpuPct", equalTo(95f))
                .body("items[0].containerName", equalTo("other-web-0-name"));
        as(acme).get(path + "?by=memory")
                .then()
                .body("items.workload", contains("acme-app", "acme-shop", "acme-service"));
        as(acme).get(path + "?by=memory&limit=1").then().body("items.workload", contains("acme-app"));
        as(acme).get(path + "?org=other").then().statusCode(200).body("items", empty());
        as(ADMIN).get(path + "?org=other").then().body("items.workload", contains("other-web"));
    }

    @Test
    void shouldAddUpOnlyWhatTheTokenMaySee() {
        // Given
        String acme = Tokens.mint("viewer", "acme").token();

        // When
        as(acme).get("/api/v1/metrics/aggregate?group=project&from=30d&step=1d")
                .then()
                .statusCode(200)
                .body("step", equalTo("1d"))
                .body("series[0].group", equalTo("acme"))
                .body("series[0]", not(hasKey("instance")));

        // Then
        assertThat(metrics.askedAggregate().orgs()).containsExactly("acme");
        assertThat(metrics.askedAggregate().group()).isEqualTo(GroupBy.PROJECT);
        assertThat(metrics.askedAggregate().range().stepSeconds()).isEqualTo(86_400);
        as(ADMIN).get("/api/v1/metrics/aggregate?group=org").then().statusCode(200);
        assertThat(metrics.askedAggregate().orgs()).isEmpty();
        as(acme).get("/api/v1/metrics/aggregate?group=org&org=other").then().body("series", empty());
        assertThat(metrics.askedAggregate().orgs()).isEmpty();
    }

    private Http stream(String address) {
        Http http = Http.open(port, address + "/stats/stream", ADMIN).read();
        open.add(http);
        return http;
    }

    private static List<String> figures(Http http) {
        return http.lines().stream()
                .filter(line -> line.startsWith("data: {\"sampledAt\""))
                .toList();
    }
}
