package io.spyhop.gateway.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LineFilter;
import io.spyhop.gateway.stream.ClientGoneException;
import io.spyhop.gateway.stream.FakeStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SearchTest {
    private static final WorkloadId ONE = new WorkloadId("one");
    private static final WorkloadId TWO = new WorkloadId("two");
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final long SECOND = 1_000_000_000L;
    private static final long SINCE = BEGIN.getEpochSecond() * SECOND;
    private static final long UNTIL = SINCE + 100 * SECOND;
    private static final LineFilter NEEDLES =
            new LineFilter(Set.of(), Set.of(), "needle", null, Map.of(), SINCE, UNTIL);

    private final FakeStore store = new FakeStore();

    /** Remembers what was found, and may go away after some calls. */
    private static final class Found implements SearchWriter {
        final List<String> rows = new ArrayList<>();
        int progress;
        int goesAfter = Integer.MAX_VALUE;

        @Nullable
        SearchState ended;

        boolean closed;

        @Override
        public void begin() {}

        @Override
        public void rows(byte[] ndjson) {
            rows.addAll(new String(ndjson, StandardCharsets.UTF_8).lines().toList());
        }

        @Override
        public void progress(SearchState state) {
            progress++;
            if (progress >= goesAfter) {
                throw new ClientGoneException();
            }
        }

        @Override
        public void end(SearchState state) {
            ended = state;
        }

        @Override
        public void failed(SearchState state, RuntimeException failure) {
            throw failure;
        }

        @Override
        public void closed() {
            closed = true;
        }

        @Override
        public void stop() {}
    }

    @Test
    void shouldFindNewestFirstAndCountWhatIsBeyondTheLimit() {
        // Given
        fill(40);
        store.examine(13);

        // When
        Found found = search(5, begin());

        // Then
        assertThat(found.rows).hasSize(5);
        assertThat(found.rows.getFirst()).contains("needle 39").startsWith("{\"workload\":\"two\",\"lineNo\":");
        assertThat(found.rows.getLast()).contains("needle 35");
        assertThat(state(found).members()).contains("\"counts\":[10,10,10,10,0,0,0,0,0,0]", "\"stepSeconds\":10");
        assertThat(state(found).isComplete()).isTrue();
        assertThat(found.progress).isGreaterThan(1);
    }

    @Test
    void shouldGiveEachLineOnceWhenPagesAreFollowed() {
        // Given
        fill(40);
        // Of one time.
        for (int i = 0; i < 12; i++) {
            store.say(ONE, BEGIN.plusSeconds(50), "stdout", "info", "needle twin " + i, "");
        }
        store.examine(9);
        List<String> all = new ArrayList<>();

        // When
        SearchCursor cursor = begin();
        int answers = 0;
        while (cursor != null) {
            Found found = search(5, cursor);
            all.addAll(found.rows);
            cursor = state(found).next();
            answers++;
        }

        // Then
        assertThat(all).hasSize(52).doesNotHaveDuplicates();
        assertThat(answers).isLessThanOrEqualTo(12);
    }

    @Test
    void shouldCountOnlyWhenNoRowsAreWanted() {
        // Given
        fill(40);

        // When
        Found found = search(0, begin());

        // Then
        assertThat(found.rows).isEmpty();
        assertThat(state(found).members()).contains("\"counts\":[10,10,10,10,0,0,0,0,0,0]");
        assertThat(state(found).next()).isNull();
    }

    @Test
    void shouldAskNoMoreWhenTheClientGoes() {
        // Given
        fill(40);
        store.examine(1);
        Found found = new Found();
        found.goesAfter = 3;

        // When
        search(5, begin(), found);

        // Then
        assertThat(store.asked()).isEqualTo(3);
        assertThat(found.closed).isTrue();
    }

    @Test
    void shouldBeCompleteAtOnceWhenNoWorkloadMayBeSeen() {
        // Given
        Found found = new Found();

        // When
        new Search(store, List::of, request(5, begin()), found, Duration.ofSeconds(10)).run();

        // Then
        assertThat(state(found).ending()).isEqualTo("\"complete\":true");
        assertThat(store.asked()).isZero();
    }

    private void fill(int lines) {
        for (int i = 0; i < lines; i++) {
            WorkloadId workload = i % 2 == 0 ? ONE : TWO;
            store.say(workload, BEGIN.plusSeconds(i), "stdout", "info", "needle " + i, "");
            store.say(workload, BEGIN.plusSeconds(i), "stdout", "info", "hay", "");
        }
    }

    private Found search(int limit, SearchCursor from) {
        Found found = new Found();
        search(limit, from, found);
        return found;
    }

    private void search(int limit, SearchCursor from, Found found) {
        new Search(store, () -> List.of(ONE, TWO), request(limit, from), found, Duration.ofSeconds(10)).run();
    }

    private static SearchRequest request(int limit, SearchCursor from) {
        boolean continued = from.beforeNanos() < UNTIL;
        return new SearchRequest(NEEDLES, from, continued, Set.of(), null, null, null, limit, 10 * SECOND);
    }

    private static SearchCursor begin() {
        return new SearchCursor(SINCE, UNTIL, UNTIL, 0);
    }

    private static SearchState state(Found found) {
        SearchState state = found.ended;
        if (state == null) {
            throw new AssertionError("the search has not ended");
        }
        return state;
    }
}
