package io.spyhop.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.spyhop.e2e.Containers.Container;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs on the page, in a real browser: defined, run, followed, cancelled, found in their history, run again. */
@ExtendWith(Shared.class)
class JobsPageST {
    private static final double PATIENCE_MS = 20_000;

    private static Chromium chromium;

    private final Api api;
    private final Containers containers;

    JobsPageST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    @BeforeAll
    static void openBrowser() {
        chromium = Chromium.open();
    }

    @AfterAll
    static void closeBrowser() {
        chromium.close();
    }

    @ParameterizedTest
    @CsvSource({"LIGHT,1280", "DARK,390"})
    void shouldDefineRunFollowAndCancelAJob(ColorScheme scheme, int width) {
        // Given
        Container container = containers.shell("jobs" + width, "echo service; exec sleep 600");
        String id = api.awaitWorkload(container.name());
        try (Dashboard dashboard = Dashboard.open(chromium, scheme, width, api, "/")) {
            Page page = dashboard.page();
            page.onDialog(Dialog::accept);
            page.getByText(container.name()).first().click();

            // When: defined
            page.locator("#jobs summary").click();
            page.locator("#job-new").click();
            page.locator("#job-name").fill("Greet <all>");
            page.locator("#job-command").fill(Containers.waiting("echo hi $WHO"));
            page.locator("#job-schedule").fill("0 4 * * *");
            page.locator("#job-parameters").fill("WHO=you");
            dashboard.picture("job-form");
            page.locator("#job-form button[type=submit]").click();

            // Then
            Locator job = page.locator("#job-list button");
            assertThat(job.locator(".name")).hasText("Greet <all>");
            assertThat(job.locator(".when")).containsText(Pattern.compile("0 4 \\* \\* \\*, next .*"));
            assertThat(job.locator(".status")).hasText("never run");
            assertThat(page.locator("#job-facts")).containsText("echo hi $WHO");

            // When: run
            page.locator("#job-start").click();
            page.locator("#job-run-fields input").fill("<b>me</b>");
            page.locator("#job-run-form button[type=submit]").click();

            // Then: its output and itself
            assertThat(page.locator("#run-now .status")).hasText("running", patiently());
            assertThat(page.locator("#lines .row.stdout .message")).hasText("hi <b>me</b>", patiently());
            assertThat(page.locator("#run-facts")).containsText("WHO=<b>me</b>");
            assertThat(page.locator("#control")).not().isVisible();
            dashboard.picture("run");
            dashboard.fits(".table button", ".facts");

            // When: cancelled
            page.locator("#run-cancel").click();

            // Then
            assertThat(page.locator("#run-now .status")).hasText("cancelled", patiently());
            assertThat(page.locator("#run-again")).isVisible();
            page.reload();
            assertThat(page.locator("#run-now .status")).hasText("cancelled");
            assertThat(page.locator("#lines .row.stdout .message")).hasText("hi <b>me</b>");

            // When: in its history
            page.locator("#run-back").click();

            // Then
            Locator runs = page.locator("#run-list li");
            assertThat(runs).hasCount(1);
            assertThat(runs.locator(".status")).hasText("cancelled");
            assertThat(runs.locator(".by")).containsText("dashboard");
            page.locator("#run-q").fill("nothing of the kind");
            page.keyboard().press("Enter");
            assertThat(page.locator("#runs-state")).hasText("no runs");
            page.locator("#run-q").fill("HI <B>");
            page.keyboard().press("Enter");
            assertThat(runs).hasCount(1);
            page.locator("#run-status").selectOption("failed");
            assertThat(runs).hasCount(0);
            page.locator("#run-status").selectOption("cancelled");
            assertThat(runs).hasCount(1);
            dashboard.picture("jobs");
            dashboard.fits(".table button", ".facts");

            // When: changed, so that it ends at once
            page.locator("#job-change").click();
            assertThat(page.locator("#job-schedule")).hasValue("0 4 * * *");
            page.locator("#job-command").fill("echo hi again $WHO");
            page.locator("#job-form button[type=submit]").click();
            assertThat(page.locator("#job-facts")).containsText("echo hi again $WHO");
            page.locator("#job-start").click();
            page.locator("#job-run-form button[type=submit]").click();

            // Then
            assertThat(page.locator("#run-now .status")).hasText("succeeded", patiently());
            assertThat(page.locator("#lines .row.stdout .message")).hasText("hi again you", patiently());

            // When: run again as it was
            String address = page.url();
            page.locator("#run-again").click();

            // Then
            page.waitForURL(url -> !url.equals(address));
            assertThat(page.locator("#run-facts")).containsText("Repeats");
            assertThat(page.locator("#run-now .status")).hasText("succeeded", patiently());

            // When: removed
            page.locator("#run-back").click();
            assertThat(runs).hasCount(3);
            page.locator("#job-remove").click();

            // Then
            assertThat(page.locator("#job-list li")).hasCount(0);
            assertThat(dashboard.complaints()).as(id).isEmpty();
        }
    }

    private static LocatorAssertions.HasTextOptions patiently() {
        return new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MS);
    }
}
