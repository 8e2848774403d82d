package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;

/** The page in a browser that knows nothing of others, signed in; it notes what its scripts complain of. Not thread-safe. */
final class Dashboard implements AutoCloseable {
    private final ColorScheme scheme;
    private final int width;
    private final BrowserContext context;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();

    private Dashboard(Chromium chromium, ColorScheme scheme, int width) {
        this.scheme = scheme;
        this.width = width;
        this.context = chromium.browser()
                .newContext(
                        new Browser.NewContextOptions().setColorScheme(scheme).setViewportSize(width, 800));
        this.page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
    }

    /** Opens a path, and signs in. */
    static Dashboard open(Chromium chromium, ColorScheme scheme, int width, Api api, String path) {
        Dashboard dashboard = new Dashboard(chromium, scheme, width);
        dashboard.page.navigate(api.base() + path);
        signIn(dashboard.page, api);
        return dashboard;
    }

    /** Answers the page that asks for a token. */
    static void signIn(Page page, Api api) {
        page.locator("input[type=password]").fill(String.valueOf(api.token()));
        page.keyboard().press("Enter");
    }

    Page page() {
        return page;
    }

    List<String> complaints() {
        return complaints;
    }

    /** Keeps what is seen. */
    void picture(String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Spyhop.work().resolve("%s-%s-%d.png".formatted(name, scheme, width))));
    }

    /** Asserts that all is within the window, and of these parts within their place. */
    void fits(String... parts) {
        assertThat(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
                .as("wider than the window")
                .isEqualTo(false);
        for (String part : parts) {
            assertThat(page.evaluate("[...document.querySelectorAll('" + part + "')]"
                            + ".some((each) => each.scrollWidth > each.clientWidth)"))
                    .as("more than its place: " + part)
                    .isEqualTo(false);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
