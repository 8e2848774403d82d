package io.spyhop.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.spyhop.e2e.Containers.Container;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page in a real browser: sign in, find a container, follow its log. */
@ExtendWith(Shared.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PageST {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static Chromium chromium;

    /** By the width of the window that shows it: what its charts need gathers while other tests run. */
    private static final Map<Integer, Container> USAGES = new HashMap<>();

    private final Api api;
    private final Containers containers;

    PageST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    @BeforeAll
    static void openBrowser(Containers containers) {
        for (int width : new int[] {1280, 390}) {
            USAGES.put(
                    width,
                    containers.shell(
                            "usage" + width,
                            "while :; do :; done",
                            "--cpus",
                            "0.2",
                            "--memory",
                            "64m",
                            "--label",
                            "spyhop.metrics.interval=1s"));
        }
        chromium = Chromium.open();
    }

    @AfterAll
    static void closeBrowser() {
        chromium.close();
    }

    @ParameterizedTest
    @CsvSource({"LIGHT,1280", "DARK,1280", "LIGHT,390", "DARK,390"})
    void shouldFollowLogWhenSignedIn(ColorScheme scheme, int width) {
        // Given
        Container container = containers.shell(
                "page-" + scheme.name().toLowerCase(java.util.Locale.ROOT) + width,
                "echo before-it-opened; while [ ! -f /go ]; do usleep 20000; done; echo 'live <b>line</b>'; exec sleep"
                        + " 600");
        String id = api.awaitWorkload(container.name());
        api.awaitLines(id, 2, SOON);
        try (Dashboard dashboard = Dashboard.open(chromium, scheme, width, api, "/")) {
            Page page = dashboard.page();

            // When
            page.getByText(container.name()).first().click();
            assertThat(page.getByText("before-it-opened").first()).isVisible();
            containers.touch(container, "/go");

            // Then
            assertThat(page.getByText("live <b>line</b>").first()).isVisible();
            dashboard.picture("page");
            dashboard.fits();
            boolean dark = scheme == ColorScheme.DARK;
            Object luminance = page.evaluate("(() => { const [r, g, b] ="
                    + " getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number);"
                    + " return (r + g + b) / 3 < 128; })()");
            assertThat(luminance).as("a dark background").isEqualTo(dark);
            page.reload();
            assertThat(page.locator("#title")).hasText(container.name());
            assertThat(page.getByText("live <b>line</b>").first()).isVisible();
            assertThat(dashboard.complaints()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"LIGHT,1280", "DARK,390"})
    void shouldFilterSearchAndColourWhenSignedIn(ColorScheme scheme, int width) {
        // Given
        String word = "w" + UUID.randomUUID().toString().replace("-", "");
        Container container = containers.shell(
                "find" + width, "seq 1 300; printf '\\033[31;1m" + word + "\\033[0m <b>!</b>\\n'; exec sleep 600");
        String id = api.awaitWorkload(container.name());
        api.awaitLines(id, 302, SOON);
        try (Dashboard dashboard = Dashboard.open(chromium, scheme, width, api, "/")) {
            Page page = dashboard.page();
            page.getByText(container.name()).first().click();

            // When
            page.locator("#line-q").fill(word);
            page.keyboard().press("Enter");

            // Then
            assertThat(page.locator("#lines .row")).hasCount(1);
            assertThat(page.locator("#lines .ansi-1.ansi-bold")).hasText(word);
            assertThat(page.locator("#lines .message")).hasText(word + " <b>!</b>");
            page.locator("#older").click();
            assertThat(page.locator("#older")).isDisabled();
            page.locator("#search-open").click();
            page.locator("#search-q").fill("/" + word.substring(0, 20) + ".*/");
            page.keyboard().press("Enter");
            assertThat(page.locator("#results .row")).hasCount(1);
            assertThat(page.locator("#search-state")).containsText("1 found");
            assertThat(page.locator("#axis span")).containsText(new String[] {":", "highest: 1 in 24 min", ":"});
            dashboard.picture("search");
            page.locator("#results .row").click();
            assertThat(page.locator("#lines .matched .message")).hasText(word + " <b>!</b>");
            dashboard.fits();
            assertThat(dashboard.complaints()).isEmpty();
        }
    }

    /** The last one: charts need some samples. */
    @ParameterizedTest
    @CsvSource({"LIGHT,1280", "DARK,390"})
    @Order(Integer.MAX_VALUE)
    void shouldShowWhatAWorkloadUsesWhenItIsOpened(ColorScheme scheme, int width) {
        // Given
        Container container = Objects.requireNonNull(USAGES.get(width));
        String id = api.awaitWorkload(container.name());
        try (Dashboard dashboard = Dashboard.open(chromium, scheme, width, api, "/")) {
            Page page = dashboard.page();

            // When
            page.getByText(container.name()).first().click();

            // Then
            assertThat(page.locator("#usage-now"))
                    .containsText(Pattern.compile("CPU [0-9.]+ %.*Memory .* of 64.0 MiB"));
            if (width < 720) {
                assertThat(page.locator("#chart-cpu")).not().isVisible();
                page.locator("#usage summary").click();
            }
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> {
                        page.locator("#usage-range").dispatchEvent("change");
                        return page.locator("#chart-cpu .curve").count() > 0
                                && page.locator("#chart-memory .curve").count() > 0;
                    });
            dashboard.picture("usage");
            dashboard.fits();
            containers.kill(container);
            assertThat(page.locator("#usage-now"))
                    .hasText("nothing runs", new LocatorAssertions.HasTextOptions().setTimeout(20_000));
            assertThat(dashboard.complaints()).as(id).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"LIGHT,1280", "DARK,390"})
    void shouldShowACrashAndWhatIsAskedForToDeploy(ColorScheme scheme, int width) {
        // Given
        Container container = containers.shell("crashed" + width, "echo disk full >&2; sleep 1; exit 3");
        String id = api.awaitWorkload(container.name());
        await().atMost(SOON)
                .until(() -> api.json(Api.address(id) + "/crashes")
                        .path("items")
                        .path(0)
                        .path("complete")
                        .asBoolean());
        try (Dashboard dashboard = Dashboard.open(chromium, scheme, width, api, "/")) {
            Page page = dashboard.page();

            // When
            page.locator("#deploy-open").click();

            // Then
            assertThat(page.locator("#deploy-path")).isVisible();
            assertThat(page.locator("#deploy-host")).not().isVisible();
            dashboard.picture("deploy");
            page.locator("#deploy-cancel").click();

            // When
            page.getByText(container.name()).first().click();
            page.locator("#crashes summary").click();
            page.locator("#crash-list button").first().click();

            // Then
            assertThat(page.locator("#crash-facts")).containsText("exit 3");
            assertThat(page.locator("#crash-lines")).containsText("disk full");
            dashboard.picture("crash");
            dashboard.fits("#crash-list button", "#crash-facts");
            assertThat(dashboard.complaints()).isEmpty();
        }
    }
}
