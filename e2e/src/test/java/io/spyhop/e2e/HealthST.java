package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.spyhop.e2e.Containers.Container;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A program that listens on its loopback only is asked for its health, gets ill, and recovers. */
@ExtendWith(Shared.class)
class HealthST {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String UNHEALTHY = "[UNHEALTHY] health probe failed 3 times";
    private static final String HEALTHY = "[HEALTHY] health probe ok";

    private final Api api;
    private final Containers containers;

    /** No other test, and no earlier run, has it. */
    private final String org = "o" + UUID.randomUUID().toString().substring(0, 8);

    HealthST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    @Test
    void shouldTellWhenAProgramGetsIllAndRecovers() {
        // Given
        Container container = containers.shell(
                "health",
                "mkdir /www; echo well > /www/health; exec httpd -f -p 127.0.0.1:8080 -h /www",
                "--label",
                "spyhop.org=" + org,
                "--label",
                "spyhop.health.port=8080");
        String id = api.awaitWorkload(container.name());
        String address = Api.address(id);
        try (EventsClient events = new EventsClient(api, "/api/v1/events?type=unhealthy,healthy&workload=" + id)) {
            // When: asked each second instead of each minute
            assertThat(api.send("PUT", address + "/health", Map.of("intervalSeconds", 1))
                            .status())
                    .isEqualTo(200);
            await("it answers")
                    .atMost(SOON)
                    .until(() -> health(address).path("lastProbe").path("ok").asBoolean());
            JsonNode well = health(address);
            containers.docker("exec", container.id(), "rm", "/www/health");
            await("it is unhealthy").atMost(SOON).until(() -> status(address).equals("unhealthy"));
            JsonNode ill = health(address);
            showsItOnThePage(id);
            containers.touch(container, "/www/health");
            await("it runs again").atMost(SOON).until(() -> status(address).equals("running"));

            // Then
            assertThat(well.path("status").asText()).isEqualTo("running");
            assertThat(well.path("consecutiveFailures").asInt(-1)).isZero();
            assertThat(well.path("way").asText()).isIn("namespace", "exec");
            assertThat(well.path("lastProbe").path("latencyMs").asDouble()).isPositive();
            assertThat(well.path("check").path("port").asInt()).isEqualTo(8080);
            assertThat(well.path("settings").path("intervalSeconds").asInt()).isEqualTo(1);
            assertThat(ill.path("status").asText()).isEqualTo("unhealthy");
            assertThat(ill.path("consecutiveFailures").asInt()).isGreaterThanOrEqualTo(3);
            assertThat(ill.path("lastProbe").path("reason").asText()).isEqualTo("status 404");
            assertThat(ill.path("transitions").path(0).path("failures").asInt()).isEqualTo(3);
            saysSoInItsLines(id);
            events.awaitTypes("unhealthy", "healthy");
            assertThat(events.events().getFirst().data().path("reason").asText())
                    .isEqualTo("status 404");
            isForItsOperatorsOnly(address);
        }
    }

    private void saysSoInItsLines(String id) {
        api.awaitSystemLine(id, UNHEALTHY, 1);
        List<Line> lines = api.awaitSystemLine(id, HEALTHY, 1);
        assertThat(Line.messages(lines, "system")).containsSubsequence("worker started", UNHEALTHY, HEALTHY);
        JsonNode fields = lines.stream()
                .filter(line -> line.message().equals(UNHEALTHY))
                .findFirst()
                .orElseThrow()
                .json()
                .path("fields");
        assertThat(fields.path("reason").asText()).isEqualTo("status 404");
        assertThat(fields.path("failures").asInt()).isEqualTo(3);
    }

    private void showsItOnThePage(String id) {
        try (Chromium chromium = Chromium.open();
                Dashboard dashboard = Dashboard.open(chromium, ColorScheme.LIGHT, 1280, api, "/#workload=" + id)) {
            Page page = dashboard.page();
            Locator now = page.locator("#health-now");
            PlaywrightAssertions.assertThat(now).containsText(Pattern.compile("failed \\d+ times"));
            PlaywrightAssertions.assertThat(now).containsText("status 404");
            assertThat(page.locator("#health-strip rect.failed").count()).isGreaterThanOrEqualTo(3);
            dashboard.picture("health");
            assertThat(dashboard.complaints()).isEmpty();
        }
    }

    private void isForItsOperatorsOnly(String address) {
        Api viewer = mint(org);
        assertThat(viewer.get(address + "/health").status()).isEqualTo(200);
        viewer.send("PUT", address + "/health", Map.of("enabled", false)).isProblem(403, "role-missing");
        mint("not-" + org).get(address + "/health").isProblem(404, "workload-unknown");
        api.send("PUT", address + "/health", Map.of("path", "no slash")).isProblem(400, "body-invalid");
    }

    private JsonNode health(String address) {
        return api.json(address + "/health");
    }

    private String status(String address) {
        return api.json(address).path("status").asText();
    }

    private Api mint(String of) {
        JsonNode minted = api.send(
                        "POST",
                        "/api/v1/tokens",
                        Map.of("name", "e2e-" + UUID.randomUUID(), "role", "viewer", "orgs", List.of(of)))
                .json();
        return api.as(minted.path("token").asText());
    }
}
