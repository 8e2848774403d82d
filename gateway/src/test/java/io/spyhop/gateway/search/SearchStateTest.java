package io.spyhop.gateway.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.log.LineFilter;
import io.spyhop.contracts.log.SearchPage;
import io.spyhop.contracts.log.SearchWindow;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SearchStateTest {
    private static final long SECOND = 1_000_000_000L;

    private final SearchState state = new SearchState(new SearchRequest(
            LineFilter.ALL.between(0L, 100 * SECOND),
            new SearchCursor(0, 100 * SECOND, 100 * SECOND, 0),
            false,
            Set.of(),
            null,
            null,
            null,
            5000,
            SECOND));

    @Test
    void shouldShowNothingOlderWhenACallHadToLeaveSomeOut() {
        // When: it found three lines and gives the newest one.
        state.add(new SearchPage(row(90), 1, 50 * SECOND, true, Map.of(90, 1L, 80, 2L), 3, 300));
        int left = state.left();
        state.add(new SearchPage("", 0, 0, false, Map.of(20, 1L), 1, 100));

        // Then: the next answer begins with what was left out.
        assertThat(left).isZero();
        assertThat(state.next()).isEqualTo(new SearchCursor(0, 100 * SECOND, 90 * SECOND + 1, 1));
    }

    @Test
    void shouldGoOnWhenACallGaveAllThatItFound() {
        // When
        state.add(new SearchPage(row(90) + row(80), 2, 50 * SECOND, true, Map.of(90, 1L, 80, 1L), 2, 200));

        // Then
        assertThat(state.left()).isEqualTo(4998);
    }

    @Test
    void shouldShowAWindowOnlyWhenItWasExaminedToItsEnd() {
        // When
        byte[] first = state.add(new SearchPage(
                row(90) + row(70), 2, 100 * SECOND, true, Map.of(90, 1L, 70, 1L), 2, 200, new SearchWindow(60, "a")));
        SearchWindow window = state.window();
        long before = state.before();
        byte[] second = state.add(new SearchPage(row(80), 1, 60 * SECOND, true, Map.of(80, 1L), 1, 100));

        // Then
        assertThat(first).isEmpty();
        assertThat(window).isEqualTo(new SearchWindow(60, "a"));
        assertThat(before).isEqualTo(100 * SECOND);
        assertThat(new String(second, StandardCharsets.UTF_8)).isEqualTo(row(90) + row(80) + row(70));
        assertThat(state.window()).isNull();
        assertThat(state.before()).isEqualTo(60 * SECOND);
        assertThat(state.left()).isEqualTo(4997);
    }

    private static String row(int second) {
        return "{\"workload\":\"web\",\"lineNo\":%d,\"at\":\"1970-01-01T00:01:%02d.000000000Z\",\"stream\":\"stdout\"}\n"
                .formatted(second, second - 60);
    }
}
