package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.spyhop.e2e.Containers.Container;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Three hosts: {@code east} behind a socket, {@code west} over TCP with TLS, and {@code north}, which is west with a client
 * certificate that it does not accept. The test has engines of its own; it needs root for that.
 */
@EnabledIf("canStartEngines")
class HostsST {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String WRITER = "i=0; while [ ! -f /stop ]; do i=$((i+1));"
            + " echo \"$HOSTNAME $(cat /proc/uptime) $i\"; usleep 2000; done; echo the end; exec sleep 600";

    private final Engine east = Engine.startOwn();
    private final Engine west = Engine.startOwnOverTls();
    private final Containers eastern = new Containers(east);
    private final Containers western = eastern.on(west);
    private final Spyhop spyhop = new Spyhop(
            "hosts",
            Map.of(
                    "SPYHOP_HOSTS_EAST", east.endpoint(),
                    "SPYHOP_HOSTS_WEST", west.endpoint(),
                    "SPYHOP_HOSTS_WEST_CERTIFICATES", west.certificates(true).toString(),
                    "SPYHOP_HOSTS_NORTH", west.endpoint(),
                    "SPYHOP_HOSTS_NORTH_CERTIFICATES", west.certificates(false).toString(),
                    // Must not count beside configured hosts.
                    "DOCKER_HOST", "unix:///nowhere"));
    private final Api api = spyhop.api();

    static boolean canStartEngines() {
        return Engine.canStartOwn();
    }

    @BeforeEach
    void start() {
        spyhop.start();
    }

    @AfterEach
    void end() {
        try (east;
                west;
                eastern;
                western) {
            spyhop.close();
        }
    }

    @Test
    void shouldGoOnWithTheOthersWhenAHostGoesAwayAndComesBack() {
        // Given: twins on both hosts, and two containers that their label makes one workload.
        Container eastTwin = eastern.shell("twin", WRITER);
        Container westTwin = western.shell("twin", WRITER, "--restart", "always");
        String joined = eastern.name("joined");
        eastern.shell("first", "echo from-east; exec sleep 600", "--label", "spyhop.id=" + joined);
        western.shell("second", "echo from-west; exec sleep 600", "--label", "spyhop.id=" + joined);

        // Then: two workloads of one name, and one of two hosts.
        String eastId = awaitTwin("east", eastTwin);
        String westId = awaitTwin("west", westTwin);
        assertThat(eastId).isNotEqualTo(westId);
        api.awaitLines(joined, 4, LONG);
        assertThat(Line.messages(api.lines(joined), "stdout")).containsExactlyInAnyOrder("from-east", "from-west");
        assertThat(api.json(Api.address(joined)).path("instances").findValuesAsText("host"))
                .containsExactlyInAnyOrder("east", "west");
        awaitHost("east", host -> {
            assertWatching(host, 2);
            assertThat(host.path("endpoint").asText()).isEqualTo(east.endpoint());
            assertThat(host.path("capture").toString()).isEqualTo("{\"file\":2,\"api\":0}");
        });
        awaitHost("west", host -> {
            assertWatching(host, 2);
            assertThat(host.path("endpoint").asText()).isEqualTo(west.endpoint());
            assertThat(host.path("capture").toString()).isEqualTo("{\"file\":0,\"api\":2}");
        });
        awaitHost("north", host -> {
            assertThat(host.path("state").asText()).isEqualTo("away");
            assertThat(host.path("containers").asInt()).isZero();
            assertThat(host.has("engine") || host.has("lastContactAt")).isFalse();
        });
        assertThat(spyhop.said("(it does not seem to accept the client certificate) Engine does not answer"))
                .as("a reason in the log")
                .isTrue();

        // When
        api.awaitLines(westId, 200, LONG);
        west.kill9();

        // Then: the others go on, and it is as it was last seen.
        awaitHost("west", host -> {
            assertThat(host.path("state").asText()).isEqualTo("away");
            assertThat(host.path("containers").asInt()).isEqualTo(2);
            assertThat(host.path("engine").asText()).startsWith("Docker ");
            assertThat(host.path("capture").toString()).isEqualTo("{\"file\":0,\"api\":0}");
        });
        assertThat(api.json(Api.address(westId)).path("status").asText()).isEqualTo("running");
        long meanwhile = api.last(eastId);
        api.awaitLines(eastId, meanwhile + 100, LONG);
        assertThat(api.as(null).get("/readyz").status()).isEqualTo(200);

        assertPageShowsHosts();

        // When
        west.start();

        // Then: what it has is here, once.
        awaitHost("west", host -> assertWatching(host, 2));
        api.awaitSystemLine(westId, "worker started", 2);
        awaitSameAsEngine(western, westTwin, westId);
        awaitSameAsEngine(eastern, eastTwin, eastId);
        assertThat(spyhop.errors()).isEmpty();
    }

    /** Wide and narrow, light and dark: a line for each host, with what is wrong. */
    private void assertPageShowsHosts() {
        try (Chromium chromium = Chromium.open()) {
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                int width = scheme == ColorScheme.LIGHT ? 1280 : 390;
                try (Dashboard dashboard = Dashboard.open(chromium, scheme, width, api, "/")) {
                    Page page = dashboard.page();
                    PlaywrightAssertions.assertThat(page.locator("#hosts li")).hasText(new String[] {
                        "east2 containerswatching", "north0 containersaway", "west2 containersaway"
                    });
                    PlaywrightAssertions.assertThat(page.locator("#hosts")).isVisible();
                    dashboard.picture("hosts");
                    dashboard.fits();
                }
            }
        }
    }

    private static void assertWatching(JsonNode host, int containers) {
        assertThat(host.path("state").asText()).isEqualTo("watching");
        assertThat(host.path("engine").asText()).matches("Docker \\d+\\..*");
        assertThat(host.path("apiVersion").asText()).matches("\\d+\\.\\d+");
        assertThat(host.path("containers").asInt()).isEqualTo(containers);
        Instant changedAt = Instant.parse(host.path("changedAt").asText());
        assertThat(Instant.parse(host.path("lastContactAt").asText()))
                .isBetween(changedAt.minusSeconds(1), Instant.now());
    }

    private void awaitHost(String name, ThrowingConsumer<JsonNode> expected) {
        await("host " + name).atMost(LONG).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            List<JsonNode> hosts = new ArrayList<>();
            api.json("/api/v1/hosts").path("items").forEach(hosts::add);
            assertThat(hosts).extracting(host -> host.path("name").asText()).containsExactly("east", "north", "west");
            assertThat(hosts)
                    .filteredOn(host -> host.path("name").asText().equals(name))
                    .singleElement()
                    .satisfies(expected);
        });
    }

    /** Waits for the workload of a container of a name that there is twice. */
    private String awaitTwin(String host, Container twin) {
        return await(twin.name() + " on " + host)
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> {
                            for (JsonNode item :
                                    api.json("/api/v1/workloads?limit=1000").path("items")) {
                                if (item.path("containerId").asText().equals(twin.id())) {
                                    assertThat(item.path("name").asText()).isEqualTo(twin.name());
                                    assertThat(item.at("/instances/0/host").asText())
                                            .isEqualTo(host);
                                    return item.path("id").asText();
                                }
                            }
                            return "";
                        },
                        id -> !id.isEmpty());
    }

    private void awaitSameAsEngine(Containers containers, Container writer, String id) {
        containers.touch(writer, "/stop");
        await("the end of " + writer.name())
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> containers.engineStdout(writer).getLast().equals("the end"));
        List<String> engineHas = containers.engineStdout(writer);
        assertThat(engineHas).hasSizeGreaterThan(300);
        assertThat(engineHas.subList(0, engineHas.size() - 1)).doesNotHaveDuplicates();
        await("what the engine has of " + writer.name())
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(
                        () -> assertThat(Line.messages(api.lines(id), "stdout").size())
                                .isGreaterThanOrEqualTo(engineHas.size()));
        assertThat(Line.messages(api.lines(id), "stdout")).isEqualTo(engineHas);
    }
}
