package io.spyhop.gateway.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.log.SearchPage;
import io.spyhop.contracts.log.SearchWindow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WindowPagesTest {
    private record Line(int at, String workload, int number) {
        private static final Comparator<Line> NEWEST_FIRST = Comparator.comparingInt(Line::at)
                .thenComparing(Line::workload)
                .thenComparingInt(Line::number)
                .reversed();

        String row() {
            return "{\"workload\":\"%s\",\"lineNo\":%d,\"at\":\"1970-01-01T00:00:%02d.000000000Z\",\"message\":\"é\"}\n"
                    .formatted(workload, number, at);
        }
    }

    /** What a call answers that is asked for so many rows, and has no room for more than some. */
    private static SearchPage page(List<Line> lines, int rows, boolean last) {
        Map<Integer, Long> histogram = new HashMap<>();
        lines.forEach(line -> histogram.merge(line.at(), 1L, Long::sum));
        List<Line> shown = lines.stream().sorted(Line.NEWEST_FIRST).limit(rows).toList();
        return new SearchPage(
                shown.stream().map(Line::row).collect(Collectors.joining()),
                shown.size(),
                last ? 0 : 60,
                !last,
                histogram,
                lines.size(),
                10L * lines.size(),
                last ? null : new SearchWindow(0, "w"));
    }

    @Test
    void shouldSayWhatOneCallWouldHaveSaid() {
        for (int seed = 0; seed < 500; seed++) {
            // Given
            Random random = new Random(seed);
            int limit = random.nextInt(12);
            int parts = random.nextInt(2, 5);
            List<Line> all = new ArrayList<>();
            List<SearchPage> pages = new ArrayList<>();
            int complete = Integer.MAX_VALUE;
            List<Line> lastOnes = new ArrayList<>();
            for (int part = 0; part < parts; part++) {
                List<Line> lines = new ArrayList<>();
                for (int i = random.nextInt(10); i > 0; i--) {
                    lines.add(new Line(random.nextInt(6), "w" + part, i));
                }
                int room = limit > 0 && random.nextInt(3) == 0 ? random.nextInt(1, limit + 1) : limit;
                if (room < limit && room < lines.size()) {
                    lastOnes.add(
                            lines.stream().sorted(Line.NEWEST_FIRST).toList().get(room - 1));
                }
                all.addAll(lines);
                pages.add(page(lines, room, part == parts - 1));
            }
            all.sort(Line.NEWEST_FIRST);
            for (Line last : lastOnes) {
                complete = Math.min(complete, all.indexOf(last) + 1);
            }
            // When
            SearchPage merged = pages.stream()
                    .reduce((first, second) -> WindowPages.merged(first, second, limit))
                    .orElseThrow();
            // Then
            assertThat(merged)
                    .as("seed %s", seed)
                    .isEqualTo(new SearchPage(
                            all.stream()
                                    .limit(Math.min(limit, complete))
                                    .map(Line::row)
                                    .collect(Collectors.joining()),
                            Math.min(all.size(), Math.min(limit, complete)),
                            0,
                            false,
                            page(all, 0, true).histogram(),
                            all.size(),
                            10L * all.size()));
        }
    }
}
