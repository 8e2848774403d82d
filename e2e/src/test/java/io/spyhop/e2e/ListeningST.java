package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.spyhop.e2e.Containers.Container;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A program opens and closes ports, and a viewer sees it: by the API, on the stream of events, on the page. */
@ExtendWith(Shared.class)
class ListeningST {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Api api;
    private final Containers containers;

    ListeningST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    @Test
    void shouldShowPortsWhileTheyAreOpen() {
        // Given
        Container container = containers.shell("listening", "httpd -p 127.0.0.1:8081; exec sleep 600");
        String id = api.awaitWorkload(container.name());
        String address = Api.address(id);
        try (EventsClient events = new EventsClient(api, "/api/v1/events?type=ports&workload=" + id)) {
            await("the port is listed").atMost(SOON).until(() -> ports(address).equals(List.of(8081)));

            // When
            containers.docker("exec", container.id(), "httpd", "-p", "3000");
            await("another one is").atMost(SOON).until(() -> ports(address).equals(List.of(3000, 8081)));

            // Then
            JsonNode web = api.json(address + "/ports").path("items").path(0);
            assertThat(web.path("url").asText())
                    .isEqualTo("http://worker-0-" + id + "-3000.localhost:"
                            + api.base().getPort());
            assertThat(web.path("address").asText()).isEqualTo("all");
            assertThat(web.path("process").asText()).isEqualTo("httpd");
            assertThat(web.path("protocol").asText()).isEqualTo("unknown");
            assertThat(web.path("visibility").asText()).isEqualTo("private");
            JsonNode instance = api.json(address + "/ports").path("instances").path(0);
            assertThat(instance.path("way").asText()).isIn("namespace", "proc");
            showsThemOnThePage(id);

            // When / Then: at the end all are gone, and it is known when they were there
            containers.kill(container);
            await("they are gone").atMost(SOON).until(() -> ports(address).isEmpty());
            JsonNode gone =
                    api.json(address + "/ports").path("instances").path(0).path("gone");
            assertThat(gone).hasSize(2);
            await("it was told").atMost(SOON).until(() -> told(events, "closed").equals(List.of(3000, 8081)));
            // The first one may have been told of before this client listened.
            assertThat(told(events, "opened")).contains(3000).isSubsetOf(3000, 8081);
        }
    }

    private void showsThemOnThePage(String id) {
        try (Chromium chromium = Chromium.open();
                Dashboard dashboard = Dashboard.open(chromium, ColorScheme.LIGHT, 1280, api, "/#workload=" + id)) {
            Page page = dashboard.page();
            PlaywrightAssertions.assertThat(page.locator("#port-list li"))
                    .containsText(new String[] {"3000 httpd", "8081 httpd, loopback"});
            PlaywrightAssertions.assertThat(page.locator("#port-list a").first())
                    .hasAttribute(
                            "href",
                            "http://worker-0-" + id + "-3000.localhost:"
                                    + api.base().getPort());
            dashboard.picture("ports");
            assertThat(dashboard.complaints()).isEmpty();
        }
    }

    private List<Integer> ports(String address) {
        List<Integer> ports = new ArrayList<>();
        api.json(address + "/ports")
                .path("items")
                .forEach(item -> ports.add(item.path("port").asInt()));
        return ports;
    }

    private static List<Integer> told(EventsClient events, String field) {
        List<Integer> ports = new ArrayList<>();
        events.events().forEach(event -> event.data().path(field).forEach(port -> ports.add(port.asInt())));
        return ports;
    }
}
