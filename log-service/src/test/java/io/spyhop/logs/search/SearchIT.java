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
import io.spyhop.contracts.log.LogsApi;
import io.spyhop.contracts.log.SearchPage;
import io.spyhop.contracts.log.SearchQuery;
import io.spyhop.contracts.log.SearchWindow;
import io.spyhop.contracts.log.Stream;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.logs.Backends;
import io.spyhop.logs.LogLimits;
import io.spyhop.logs.search.StoredLines.Line;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Searches over many workloads, compared with what a simple look at all of their lines gives. */
@QuarkusTest
@QuarkusTestResource(Backends.class)
class SearchIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Inject
    @DataSource("logs")
    AgroalDataSource dataSource;

    @Inject
    LogsApi logs;

    @Inject
    ScanPool pool;

    private static List<String> rows(SearchReader search, SearchQuery query) throws SQLException {
        return search.search(query).ndjson().lines().toList();
    }

    private record Found(long at, String row) {}

    @Test
    void shouldFindEveryLineOnceWhileChunksAreMerged() throws SQLException {
        for (int seed = 0; seed < 40; seed++) {
            // Given
            Random random = new Random(seed);
            List<StoredLines> stores = new ArrayList<>();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                StoredLines stored = StoredLines.random(random, random.nextInt(1, 40), "");
                stored.store(dataSource, 1000);
                stores.add(stored);
            }
            List<WorkloadId> workloads = stores.stream()
                    .skip(random.nextInt(2))
                    .map(stored -> stored.workload)
                    .toList();
            long since = random.nextLong(500, 2_000);
            long until = since + random.nextLong(1, 2_000);
            LineFilter filter = new LineFilter(
                    random.nextInt(3) == 0 ? Set.of(Stream.STDERR) : Set.of(),
                    Set.of(),
                    List.of("banana", "e", "kiwi", "a").get(random.nextInt(4)),
                    null,
                    Map.of(),
                    since,
                    until);
            SearchReader search = new SearchReader(
                    dataSource,
                    pool,
                    List.of(16L, 3_000L, 64L << 20).get(random.nextInt(3)),
                    random.nextBoolean() ? Duration.ZERO : PATIENCE);
            // When
            List<String> rows = new ArrayList<>();
            int whole = 0;
            Map<Integer, Long> histogram = new HashMap<>();
            long examined = 0;
            List<Found> expected = expected(stores, workloads, filter);
            Map<String, Long> times = new HashMap<>();
            expected.forEach(found -> times.put(found.row(), found.at()));
            SearchQuery query = new SearchQuery(workloads, filter, until, 5000, 100);
            while (true) {
                SearchPage page = search.search(query);
                new String(page.ndjson().getBytes(UTF_8), UTF_8).lines().forEach(row -> rows.add(row + "\n"));
                page.histogram().forEach((bucket, count) -> histogram.merge(bucket, count, Long::sum));
                examined += page.examinedLines();
                if (page.window() == null) {
                    assertThat(page.throughNanos())
                            .isLessThan(query.beforeNanos())
                            .isGreaterThanOrEqualTo(since);
                    if (query.window() != null) {
                        rows.subList(whole, rows.size())
                                .sort(Comparator.comparing(times::get, Comparator.reverseOrder()));
                    }
                    whole = rows.size();
                } else {
                    assertThat(page.more()).isTrue();
                    assertThat(page.throughNanos()).isLessThanOrEqualTo(query.beforeNanos());
                    assertThat(page.window()).isNotEqualTo(query.window());
                }
                if (!page.more()) {
                    assertThat(page.throughNanos()).isEqualTo(since);
                    break;
                }
                query = new SearchQuery(workloads, filter, page.throughNanos(), 5000, 100, page.window());
                if (random.nextInt(3) == 0) {
                    StoredLines stored = stores.get(random.nextInt(stores.size()));
                    stored.merge(random);
                    stored.store(dataSource, 1000);
                }
            }
            // Then: whoever wants fewer gets the first of those, in the same order.
            SearchReader patient = new SearchReader(dataSource, pool, 64L << 20, PATIENCE);
            List<String> ordered = rows(patient, new SearchQuery(workloads, filter, until, 5000, 100));
            int some = random.nextInt(5);
            assertThat(rows(patient, new SearchQuery(workloads, filter, until, some, 100)))
                    .isEqualTo(ordered.subList(0, Math.min(some, ordered.size())));
            assertThat(rows)
                    .as("seed %s", seed)
                    .containsExactlyInAnyOrderElementsOf(
                            expected.stream().map(Found::row).toList());
            assertThat(rows.stream().map(times::get).toList()).isSortedAccordingTo((a, b) -> Long.compare(b, a));
            Map<Integer, Long> counts = new HashMap<>();
            expected.forEach(found -> counts.merge((int) ((found.at() - since) / 100), 1L, Long::sum));
            assertThat(histogram).isEqualTo(counts);
            assertThat(examined).isGreaterThanOrEqualTo(expected.size());
        }
    }

    @Test
    void shouldCountAllAndShowTheNewest() throws SQLException {
        // Given
        StoredLines stored = new StoredLines();
        for (int i = 0; i < 20; i++) {
            int chunk = i;
            stored.add(IntStream.rangeClosed(1, 10)
                    .mapToObj(n -> StoredLines.line(chunk * 10L + n, chunk * 10L + n, "tick", false))
                    .toList());
        }
        stored.store(dataSource, 200);
        LineFilter filter = new LineFilter(Set.of(), Set.of(), "TICK", null, Map.of(), 0L, 1000L);
        // When
        SearchPage page = logs.search(new SearchQuery(List.of(stored.workload), filter, 1000, 3, 100));
        SearchPage counted = logs.search(new SearchQuery(List.of(stored.workload), filter, 1000, 0, 100));
        // Then
        assertThat(page.ndjson())
                .isEqualTo(stored.lines.reversed().stream()
                        .limit(3)
                        .map(line -> line.inSearch(stored.workload))
                        .reduce("", String::concat));
        assertThat(page.count()).isEqualTo(3);
        assertThat(page.histogram()).isEqualTo(Map.of(0, 99L, 1, 100L, 2, 1L));
        assertThat(page.more()).isFalse();
        assertThat(page.examinedLines()).isEqualTo(200);
        assertThat(page.examinedBytes()).isEqualTo(StoredLines.rows(stored.lines).length);
        assertThat(counted.count()).isZero();
        assertThat(counted.ndjson()).isEmpty();
        assertThat(counted.histogram()).isEqualTo(page.histogram());
    }

    @Test
    void shouldStopBehindAWorkloadWhenManyHaveLinesAtTheSameTime() throws SQLException {
        // Given
        List<WorkloadId> workloads = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            StoredLines stored = new StoredLines();
            stored.add(List.of(StoredLines.line(1, 100, "begins", false), StoredLines.line(2, 900, "ends", false)));
            stored.store(dataSource, 2);
            workloads.add(stored.workload);
        }
        SearchReader search = new SearchReader(dataSource, pool, 64L << 20, Duration.ZERO);
        // When
        int calls = 0;
        int most = 0;
        long lines = 0;
        List<String> rows = new ArrayList<>();
        SearchQuery query = new SearchQuery(workloads, LineFilter.ALL.between(0L, 1000L), 1000, 5000, 100);
        SearchPage page;
        do {
            page = search.search(query);
            most = Math.max(most, page.count());
            lines += page.examinedLines();
            page.ndjson().lines().forEach(rows::add);
            query = new SearchQuery(workloads, query.filter(), page.throughNanos(), 5000, 100, page.window());
            calls++;
        } while (page.more());
        // Then
        assertThat(rows).hasSize(400).doesNotHaveDuplicates();
        assertThat(lines).isEqualTo(400);
        assertThat(most).isLessThanOrEqualTo(2 * LogLimits.SCAN_CHUNKS);
        assertThat(calls).isGreaterThanOrEqualTo(200 / LogLimits.SCAN_CHUNKS);
    }

    @Test
    void shouldPassOverALongTimeAtOnceWhereFiltersSayNo() throws SQLException {
        // Given
        StoredLines stored = new StoredLines();
        for (int i = 1; i <= 400; i++) {
            stored.add(List.of(StoredLines.line(2L * i - 1, 2L * i - 1, "nothing here", false)));
            if (i == 1) {
                stored.add(List.of(StoredLines.line(2, 2, "a needle", false)));
            }
        }
        stored.chunks.forEach(chunk -> assertThat(chunk).hasSize(1));
        stored.store(dataSource, 1000);
        LineFilter filter = new LineFilter(Set.of(), Set.of(), "needle", null, Map.of(), 0L, 1000L);
        // When each call may look through nine of them
        SearchReader search = new SearchReader(
                dataSource, pool, 9L * stored.lines.getFirst().row().length(), PATIENCE);
        int calls = 1;
        SearchPage page = search.search(new SearchQuery(List.of(stored.workload), filter, 1000, 10, 10));
        while (page.more()) {
            page = search.search(
                    new SearchQuery(List.of(stored.workload), filter, page.throughNanos(), 10, 10, page.window()));
            calls++;
        }
        // Then those without a filter are looked through, the others are not
        assertThat(page.count()).isEqualTo(1);
        assertThat(calls).isBetween(10, 30);
    }

    @Test
    void shouldRefuseBadQuestions() {
        LineFilter range = LineFilter.ALL.between(10L, 1010L);
        List<WorkloadId> one = List.of(new WorkloadId("w"));
        refused(new SearchQuery(one, LineFilter.ALL, 10, 1, 10), "since");
        refused(new SearchQuery(one, LineFilter.ALL.between(20L, 10L), 10, 1, 10), "since");
        refused(new SearchQuery(one, range, 1011, 1, 10), "beforeNanos");
        refused(new SearchQuery(one, range, 9, 1, 10), "beforeNanos");
        refused(new SearchQuery(one, range, 1010, -1, 10), "limit");
        refused(new SearchQuery(one, range, 1010, LogsApi.PAGE_LINES_MAX + 1, 10), "limit");
        refused(new SearchQuery(one, range, 1010, 1, 1), "bucketNanos");
        refused(new SearchQuery(one, range, 1010, 1, 0), "bucketNanos");
        refused(new SearchQuery(one, range, 1010, 1, 10, new SearchWindow(9, "w")), "window");
        refused(new SearchQuery(one, range, 500, 1, 10, new SearchWindow(500, "w")), "window");
        refused(
                new SearchQuery(
                        IntStream.rangeClosed(0, SearchQuery.WORKLOADS_MAX)
                                .mapToObj(i -> new WorkloadId("w" + i))
                                .toList(),
                        range,
                        1010,
                        1,
                        10),
                "workloads");
    }

    private void refused(SearchQuery query, String parameter) {
        assertThatThrownBy(() -> logs.search(query))
                .isInstanceOf(SpyhopException.class)
                .hasMessageStartingWith(parameter + ":");
    }

    private static List<Found> expected(List<StoredLines> stores, List<WorkloadId> workloads, LineFilter filter) {
        LineMatcher matcher = LineMatcher.of(filter);
        List<Found> expected = new ArrayList<>();
        for (StoredLines stored : stores) {
            for (Line line : workloads.contains(stored.workload) ? stored.lines : List.<Line>of()) {
                byte[] row = line.row().getBytes(UTF_8);
                if (matcher.matches(row, 0, row.length - 1)) {
                    expected.add(new Found(line.at(), line.inSearch(stored.workload)));
                }
            }
        }
        return expected;
    }
}
