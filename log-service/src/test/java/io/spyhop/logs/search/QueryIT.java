package io.spyhop.logs.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.log.LineFilter;
import io.spyhop.contracts.log.LineMatcher;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.log.LinesQuery;
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.log.Stream;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.logs.Backends;
import io.spyhop.logs.search.StoredLines.Line;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Pages of stored lines, compared with what a simple look at all of them gives. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class QueryIT {
    private static final Pattern NEEDLESS = Pattern.compile("Rows Removed by Filter: (\\d+)");

    private static final List<Duration> PATIENCE = List.of(Duration.ZERO, Duration.ofSeconds(10));

    @Inject
    @DataSource("logs")
    AgroalDataSource dataSource;

    @Inject
    LogsApi logs;

    @Inject
    ScanPool pool;

    @Test
    void shouldGiveEveryMatchingLineOnceOverManyPages() throws SQLException {
        for (int seed = 0; seed < 60; seed++) {
            // Given
            Random random = new Random(seed);
            StoredLines stored = StoredLines.random(random, random.nextInt(60), "");
            long last = stored.lines.isEmpty() ? 0 : stored.lines.getLast().number() + random.nextInt(3);
            stored.store(dataSource, last);
            LineReader queries = new LineReader(dataSource, pool, PATIENCE.get(random.nextInt(2)));
            for (int i = 0; i < 4; i++) {
                long after = random.nextBoolean() ? 0 : random.nextLong(last + 3);
                long before = random.nextBoolean() ? Long.MAX_VALUE : after + random.nextLong(last + 3) + 1;
                LineFilter filter = filter(random);
                boolean newestFirst = random.nextBoolean();
                int limit = random.nextInt(1, 30);
                // When
                List<String> found = new ArrayList<>();
                LinesQuery query = new LinesQuery(after, before, newestFirst, limit, 0, filter);
                LinesPage page = queries.query(stored.workload, query);
                while (true) {
                    List<String> rows = rows(page);
                    assertThat(rows).hasSize(page.count()).hasSizeLessThanOrEqualTo(limit);
                    found.addAll(newestFirst ? 0 : found.size(), rows);
                    if (!page.more()) {
                        break;
                    }
                    if (newestFirst) {
                        assertThat(page.through()).isGreaterThan(query.after()).isLessThan(query.before());
                        query = new LinesQuery(after, page.through(), true, limit, 0, filter);
                    } else {
                        assertThat(page.through()).isGreaterThan(query.after()).isLessThan(query.before());
                        query = new LinesQuery(page.through(), before, false, limit, 0, filter);
                    }
                    page = queries.query(stored.workload, query);
                }
                // Then
                assertThat(found)
                        .as("seed %s, question %s: %s", seed, i, query)
                        .isEqualTo(matching(stored, after, before, filter).stream()
                                .map(Line::row)
                                .toList());
                assertThat(page.through())
                        .isEqualTo(
                                newestFirst
                                        ? Math.min(query.before(), after + 1)
                                        : Math.max(query.after(), Math.min(before - 1, last)));
            }
        }
    }

    @Test
    void shouldShowWhatStandsAroundOverTheBordersOfChunks() throws SQLException {
        for (int seed = 0; seed < 50; seed++) {
            // Given
            Random random = new Random(seed);
            StoredLines stored = StoredLines.random(random, random.nextInt(1, 30), "");
            stored.store(dataSource, 1000);
            LineFilter filter = filter(random);
            int context = random.nextInt(1, 6);
            int limit = random.nextInt(1, 8);
            long after = random.nextInt(20);
            boolean newestFirst = random.nextBoolean();
            // When
            LinesPage page =
                    logs.query(stored.workload, new LinesQuery(after, 90, newestFirst, limit, context, filter));
            // Then
            List<Line> matching = matching(stored, after, 90, filter);
            List<Line> wanted = newestFirst
                    ? matching.subList(Math.max(0, matching.size() - limit), matching.size())
                    : matching.subList(0, Math.min(limit, matching.size()));
            Set<Integer> shown = new TreeSet<>();
            for (Line line : wanted) {
                int place = stored.lines.indexOf(line);
                for (int i = Math.max(0, place - context);
                        i <= Math.min(stored.lines.size() - 1, place + context);
                        i++) {
                    shown.add(i);
                }
            }
            assertThat(rows(page))
                    .as("seed %s", seed)
                    .isEqualTo(
                            shown.stream().map(i -> stored.lines.get(i).row()).toList());
            assertThat(page.matched())
                    .isEqualTo(wanted.stream().mapToLong(Line::number).toArray());
            assertThat(page.count()).isEqualTo(shown.size());
        }
    }

    @Test
    void shouldEndPagesByTheirBytes() throws SQLException {
        // Given
        StoredLines stored = new StoredLines();
        String text = "x".repeat(900_000);
        for (int number = 1; number <= 12; number++) {
            stored.add(List.of(StoredLines.line(number, number, number % 2 == 0 ? "even" : text, false)));
        }
        stored.store(dataSource, 12);
        // When
        LinesPage first = logs.query(stored.workload, LinesQuery.after(0, 100, LineFilter.ALL));
        LinesPage newest = logs.query(stored.workload, LinesQuery.newest(100, LineFilter.ALL));
        LinesPage around = logs.query(stored.workload, new LinesQuery(0, Long.MAX_VALUE, false, 100, 1, text("even")));
        // Then
        assertThat(first.count()).isEqualTo(8);
        assertThat(first.through()).isEqualTo(8);
        assertThat(first.more()).isTrue();
        assertThat(newest.count()).isEqualTo(9);
        assertThat(newest.through()).isEqualTo(4);
        assertThat(newest.more()).isTrue();
        assertThat(around.matched()).isEqualTo(new long[] {2, 4, 6});
        assertThat(around.count()).isEqualTo(7);
        assertThat(around.through()).isEqualTo(7);
        assertThat(around.more()).isTrue();
    }

    @Test
    void shouldReadNoHeadsBeyondTheRangeInEitherDirection() throws SQLException {
        // Given
        StoredLines stored = new StoredLines();
        for (int number = 1; number <= 1000; number++) {
            stored.add(List.of(StoredLines.line(number, number, "one", false)));
        }
        stored.store(dataSource, 1000);
        for (String sql : List.of(SnapshotReader.ASCENDING, SnapshotReader.DESCENDING)) {
            // When
            String plan = plan(sql, stored.workload, 400, 421);
            // Then
            assertThat(plan).containsPattern("rows=20(\\.00)? ");
            assertThat(NEEDLESS.matcher(plan).results().mapToInt(found -> Integer.parseInt(found.group(1))))
                    .as(plan)
                    .allMatch(rows -> rows <= 1);
        }
    }

    private String plan(String sql, WorkloadId workload, long after, long before) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement setting = connection.createStatement();
                PreparedStatement statement = connection.prepareStatement("EXPLAIN (ANALYZE) " + sql)) {
            connection.setAutoCommit(false);
            // Of a table of this size any plan is as good.
            setting.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off");
            statement.setArray(1, connection.createArrayOf("bigint", new Long[0]));
            statement.setArray(2, connection.createArrayOf("int", new Integer[0]));
            statement.setString(3, workload.value());
            statement.setLong(4, after);
            statement.setLong(5, before);
            statement.setString(6, workload.value());
            statement.setLong(7, before);
            statement.setInt(8, 1000);
            StringBuilder plan = new StringBuilder();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    plan.append(row.getString(1)).append('\n');
                }
            }
            connection.rollback();
            return plan.toString();
        }
    }

    @Test
    void shouldGoOnFromWhatWasRemovedAtTheEnd() throws SQLException {
        // Given
        StoredLines stored = new StoredLines();
        stored.add(List.of(StoredLines.line(3, 3, "left", false)));
        stored.store(dataSource, 500);
        // When
        LinesPage page = logs.query(stored.workload, LinesQuery.after(0, 1, LineFilter.ALL));
        LinesPage none = logs.query(new WorkloadId("nobody"), LinesQuery.after(7, 1, LineFilter.ALL));
        // Then
        assertThat(page.count()).isEqualTo(1);
        assertThat(page.more()).isFalse();
        assertThat(page.through()).isEqualTo(500);
        assertThat(none.through()).isEqualTo(7);
        assertThat(none.more()).isFalse();
    }

    @Test
    void shouldRefuseBadQuestions() {
        refused(new LinesQuery(-1, 9, false, 1, 0, LineFilter.ALL), "after");
        refused(new LinesQuery(0, 0, false, 1, 0, LineFilter.ALL), "before");
        refused(new LinesQuery(0, 9, false, 0, 0, LineFilter.ALL), "limit");
        refused(new LinesQuery(0, 9, false, LogsApi.PAGE_LINES_MAX + 1, 0, LineFilter.ALL), "limit");
        refused(new LinesQuery(0, 9, false, 1, LinesQuery.CONTEXT_MAX + 1, LineFilter.ALL), "context");
        refused(
                new LinesQuery(0, 9, false, 1, 0, new LineFilter(Set.of(), Set.of(), null, "(", Map.of(), null, null)),
                "regex");
    }

    private void refused(LinesQuery query, String parameter) {
        assertThatThrownBy(() -> logs.query(new WorkloadId("w"), query))
                .isInstanceOf(SpyhopException.class)
                .hasMessageStartingWith(parameter + ":");
    }

    private static LineFilter text(String text) {
        return new LineFilter(Set.of(), Set.of(), text, null, Map.of(), null, null);
    }

    private static LineFilter filter(Random random) {
        return new LineFilter(
                random.nextInt(4) == 0 ? Set.of(Stream.STDERR) : Set.of(),
                Set.of(),
                random.nextInt(3) == 0 ? List.of("banana", "fig", "an", "kiwi").get(random.nextInt(4)) : null,
                random.nextInt(4) == 0 ? "^[a-d].*e" : null,
                Map.of(),
                random.nextInt(4) == 0 ? random.nextLong(1_000, 2_500) : null,
                random.nextInt(4) == 0 ? random.nextLong(1_000, 4_000) : null);
    }

    private static List<Line> matching(StoredLines stored, long after, long before, LineFilter filter) {
        LineMatcher matcher = LineMatcher.of(filter);
        return stored.lines.stream()
                .filter(line -> line.number() > after && line.number() < before)
                .filter(line -> {
                    byte[] row = line.row().getBytes(UTF_8);
                    return matcher.matches(row, 0, row.length - 1);
                })
                .toList();
    }

    private static List<String> rows(LinesPage page) {
        return new String(page.ndjson(), UTF_8).lines().map(row -> row + "\n").toList();
    }
}
