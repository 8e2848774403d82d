package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.spyhop.e2e.Containers.Container;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What programs in containers serve is reached at hosts of their own, by those who may. */
@ExtendWith(Shared.class)
class PortHostsST {
    private static final Duration SOON = Duration.ofSeconds(30);

    /** On the loopback of a container without a network: nothing but its namespace leads there. */
    private static final String SERVE =
            "mkdir -p /www/cgi-bin; echo '<h1>%s</h1>' > /www/index.html; held=/www/cgi-bin/held; echo '#!/bin/sh' > $held;"
                    + " echo 'printf \"Content-Length: 100\\r\\n\\r\\nbegun\\n\"; exec sleep 1000' >> $held;"
                    + " chmod +x $held; exec httpd -f -p 127.0.0.1:8080 -h /www";

    private final Api api;
    private final Containers containers;
    private final String org = "o" + UUID.randomUUID().toString().substring(0, 8);

    PortHostsST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    @Test
    void shouldOpenInABrowserThatSignsInWhenAProgramListensOnItsLoopback() {
        // Given
        Container container = containers.shell("port", SERVE.formatted("well"), "--label", "spyhop.org=" + org);
        String id = api.awaitWorkload(container.name());
        URI url = URI.create(awaitPort(id).path("url").asText());
        assertThat(url.getHost()).isEqualTo("worker-0-" + id + "-8080.localhost");

        // When / Then: by token, not by none, nor by one of another org
        String host = "Host: " + url.getAuthority();
        assertThat(RawRequest.get(api, "/", host)).isEqualTo(200);
        assertThat(RawRequest.get(api.as(null), "/", host)).isEqualTo(401);
        assertThat(RawRequest.get(api.as(mint("viewer", org)), "/", host)).isEqualTo(200);
        assertThat(RawRequest.get(api.as(mint("viewer", "not-" + org)), "/", host))
                .isEqualTo(404);
        // Then: no other port of it, nor of another instance
        assertThat(RawRequest.get(api, "/", host.replace("-8080.", "-8081."))).isEqualTo(404);
        assertThat(RawRequest.get(api, "/", host.replace("worker-0-", "worker-1-")))
                .isEqualTo(404);
        // Then: a browser by way of the dashboard
        try (Chromium chromium = Chromium.open();
                BrowserContext context = chromium.browser().newContext()) {
            Page page = context.newPage();
            page.navigate(url + "/?x=1");
            Dashboard.signIn(page, api);
            PlaywrightAssertions.assertThat(page.locator("h1")).hasText("well");
            assertThat(page.url()).isEqualTo(url + "/?x=1");
            assertThat(page.evaluate("document.cookie")).isEqualTo("");
            Page another = context.newPage();
            Response again = Objects.requireNonNull(another.navigate(url + "/"));
            assertThat(again.status()).isEqualTo(200);
            opensFromThePage(chromium, id);
            // Then: what is under way when the program goes is broken off, and the page says when it was seen
            killWhileItAnswers(container, host);
            await("it is gone").atMost(SOON).until(() -> ports(id).isEmpty());
            Response gone = Objects.requireNonNull(another.navigate(url + "/"));
            assertThat(gone.status()).isEqualTo(404);
            PlaywrightAssertions.assertThat(another.locator("p").first()).containsText("last seen at");
            another.screenshot(
                    new Page.ScreenshotOptions().setPath(Spyhop.work().resolve("port-gone.png")));
        }
    }

    private void killWhileItAnswers(Container container, String host) {
        try (Socket held = RawRequest.open(api, "/cgi-bin/held", host)) {
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(held.getInputStream(), StandardCharsets.US_ASCII));
            List<String> rows = new ArrayList<>();
            for (String row = answer.readLine(); row != null && !row.equals("begun"); row = answer.readLine()) {
                rows.add(row.toLowerCase(Locale.ROOT));
            }
            assertThat(rows).contains("content-length: 100");
            containers.kill(container);
            assertThat(hasEnded(answer)).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean hasEnded(BufferedReader answer) throws IOException {
        try {
            return answer.readLine() == null;
        } catch (SocketException e) {
            return true;
        }
    }

    /** Also where the page is asked by another name than the one that ports are below. */
    private void opensFromThePage(Chromium chromium, String id) {
        try (Dashboard dashboard = Dashboard.open(chromium, ColorScheme.LIGHT, 1280, api, "/#workload=" + id)) {
            Page page = dashboard.page();
            Page popup =
                    page.waitForPopup(() -> page.locator("#port-list a").first().click());
            PlaywrightAssertions.assertThat(popup.locator("h1")).hasText("well");
        }
    }

    @Test
    void shouldBeOpenToAllWhenItsLabelOrAnOperatorSaysSo() {
        // Given
        Container labelled = containers.shell(
                "port-public",
                SERVE.formatted("open"),
                "--label",
                "spyhop.org=" + org,
                "--label",
                "spyhop.ports.visibility=public");
        Container plain = containers.shell("port-opened", SERVE.formatted("opened"), "--label", "spyhop.org=" + org);
        String open = api.awaitWorkload(labelled.name());
        String opened = api.awaitWorkload(plain.name());
        JsonNode listed = awaitPort(open);
        Api nobody = api.as(null);
        String openHost = "Host: " + URI.create(listed.path("url").asText()).getAuthority();
        String openedHost =
                "Host: " + URI.create(awaitPort(opened).path("url").asText()).getAuthority();

        // When / Then
        assertThat(listed.path("visibility").asText()).isEqualTo("public");
        assertThat(RawRequest.get(nobody, "/", openHost)).isEqualTo(200);
        assertThat(RawRequest.get(nobody, "/", openedHost)).isEqualTo(401);
        String visibility = Api.address(opened) + "/ports/8080/visibility";
        api.as(mint("viewer", org))
                .send("PUT", visibility, Map.of("visibility", "public"))
                .isProblem(403, "role-missing");
        assertThat(api.as(mint("operator", org))
                        .send("PUT", visibility, Map.of("visibility", "public"))
                        .status())
                .isEqualTo(200);
        assertThat(RawRequest.get(nobody, "/", openedHost)).isEqualTo(200);
        assertThat(awaitPort(opened).path("visibility").asText()).isEqualTo("public");
        assertThat(awaitPort(opened).path("protocol").asText()).isEqualTo("http");
    }

    @Test
    void shouldComeFromTheBridgeToWhatListensOnAllAddresses() throws IOException {
        // Given
        String script = "mkdir -p /www/cgi-bin; cd /www/cgi-bin; echo '#!/bin/sh' > who; chmod +x who;"
                + " echo 'printf \"\\r\\nfrom $REMOTE_ADDR\\n\"' >> who; exec httpd -f -p 0.0.0.0:8080 -h /www";
        Container container = containers.shell(
                "port-bridge", script, "--network", "bridge", "--label", "spyhop.ports.visibility=public");
        String bridge = containers.docker(
                "inspect", "--format", "{{.NetworkSettings.Networks.bridge.Gateway}}", container.id());

        // When
        JsonNode port = awaitPort(api.awaitWorkload(container.name()));

        // Then
        assertThat(port.path("address").asText()).isEqualTo("all");
        String host = "Host: " + URI.create(port.path("url").asText()).getAuthority();
        try (Socket answer = RawRequest.open(api.as(null), "/cgi-bin/who", host)) {
            assertThat(new String(answer.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .contains("from " + bridge.strip() + "\n");
        }
    }

    /** After the class nothing is in the log: what programs do there is theirs. */
    @Test
    void shouldSaySoWhenAProgramDoesNotSpeakHttp() {
        // Given
        Container container = containers.shell(
                "port-other",
                "exec nc -ll -p 8080 -e echo SSH-2.0-other",
                "--network",
                "bridge",
                "--label",
                "spyhop.ports.visibility=public");
        JsonNode port = awaitPort(api.awaitWorkload(container.name()));
        String host = "Host: " + URI.create(port.path("url").asText()).getAuthority();

        // When / Then
        assertThat(RawRequest.get(api.as(null), "/", host)).isEqualTo(502);
        assertThat(port.path("protocol").asText()).isEqualTo("unknown");
    }

    private JsonNode awaitPort(String id) {
        return await("its port is listed")
                .atMost(SOON)
                .until(() -> ports(id), items -> items.size() == 1)
                .path(0);
    }

    private JsonNode ports(String id) {
        Api.Answer answer = api.get(Api.address(id) + "/ports");
        return answer.status() == 200 ? answer.json().path("items") : Api.JSON.createArrayNode();
    }

    private String mint(String role, String of) {
        return api.send(
                        "POST",
                        "/api/v1/tokens",
                        Map.of("name", "e2e-" + UUID.randomUUID(), "role", role, "orgs", List.of(of)))
                .json()
                .path("token")
                .asText();
    }
}
