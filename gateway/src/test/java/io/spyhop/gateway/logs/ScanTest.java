package io.spyhop.gateway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LineFilter;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.LinesQuery;
import io.spyhop.gateway.stream.FakeStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScanTest {
    private static final WorkloadId SHOP = new WorkloadId("shop");
    private static final Pattern NUMBER = Pattern.compile("\"lineNo\":(\\d+)");
    private static final LineFilter ODD = new LineFilter(Set.of(), Set.of(), "needle", null, Map.of(), null, null);

    private final FakeStore store = new FakeStore();

    @BeforeEach
    void fill() {
        for (int i = 1; i <= 30; i++) {
            String message = i % 10 == 0 ? "a Needle" : "hay";
            store.say(SHOP, Instant.EPOCH.plusSeconds(i), "stdout", "info", message, "");
        }
    }

    @Test
    void shouldGoOnUntilTheRangeEndsWhenTheStoreAnswersInParts() {
        // Given
        store.examine(7);

        // When
        LinesPage page = run(new LinesQuery(0, Long.MAX_VALUE, false, 10, 0, ODD), 0);

        // Then
        assertThat(numbers(page)).containsExactly(10L, 20L, 30L);
        assertThat(page.through()).isEqualTo(30);
        assertThat(page.more()).isFalse();
    }

    @Test
    void shouldStopAtTheLimitAndTellWhereWhenThereIsMore() {
        // Given
        store.examine(7);

        // When
        LinesPage first = run(new LinesQuery(0, Long.MAX_VALUE, true, 2, 0, ODD), 0);
        LinesPage second = run(new LinesQuery(0, first.through(), true, 2, 0, ODD), 0);

        // Then
        assertThat(numbers(first)).containsExactly(20L, 30L);
        assertThat(first.through()).isEqualTo(20);
        assertThat(first.more()).isTrue();
        assertThat(numbers(second)).containsExactly(10L);
        assertThat(second.more()).isFalse();
    }

    @Test
    void shouldAnswerWithWhatThereIsWhenTimeIsOver() {
        // Given
        store.examine(4);

        // When: each look at the clock takes two seconds.
        LinesPage page = run(new LinesQuery(0, Long.MAX_VALUE, false, 10, 0, ODD), 2_000_000_000L);

        // Then
        assertThat(numbers(page)).containsExactly(10L);
        assertThat(page.through()).isEqualTo(12);
        assertThat(page.more()).isTrue();
    }

    @Test
    void shouldShowWhatPartsHaveInCommonOnceWhenThereIsContext() {
        // Given
        store.examine(11);

        // When
        LinesPage page = run(new LinesQuery(0, 30, true, 10, 6, ODD), 0);

        // Then
        assertThat(page.matched()).containsExactly(10, 20);
        assertThat(numbers(page))
                .containsExactly(
                        java.util.stream.LongStream.rangeClosed(4, 26).boxed().toArray(Long[]::new));
        assertThat(page.count()).isEqualTo(23);
    }

    private LinesPage run(LinesQuery query, long tick) {
        long[] now = {0};
        return Scan.run(store, SHOP, query, () -> now[0] += tick);
    }

    private static List<Long> numbers(LinesPage page) {
        List<Long> numbers = new ArrayList<>();
        Matcher matcher = NUMBER.matcher(new String(page.ndjson(), StandardCharsets.UTF_8));
        while (matcher.find()) {
            numbers.add(Long.parseLong(matcher.group(1)));
        }
        return numbers;
    }
}
