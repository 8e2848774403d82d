package io.spyhop.jobs.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.ExecQuery;
import io.spyhop.contracts.job.JobsApi;
import io.spyhop.contracts.job.Run;
import io.spyhop.contracts.job.RunPage;
import io.spyhop.contracts.job.RunQuery;
import io.spyhop.contracts.job.RunStatus;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.jobs.EmbeddedParts;
import io.spyhop.jobs.run.RunStore;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages over 20 000 runs of one workload, two of which have one time. */
@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class RunReaderIT {
    private static final WorkloadId WORKLOAD = new WorkloadId("it-history");
    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant TO = FROM.plusSeconds(5000);

    private static final String FILL = """
        insert into jobs.run (id, workload_id, job_id, org, partition, status, mode, attempt, attempts_max, triggered_by,
            queued_at, next_attempt_at, definition, definition_revision, parameters, published)
        select 'run-' || lpad(to_hex(n), 24, '0'), 'it-history', 'job-' || n % 3, 'default', 100,
            (array['succeeded', 'failed', 'cancelled', 'lost'])[1 + (n % 1000 > 950)::int + (n % 1000 > 990)::int + (n % 1000 > 998)::int],
            'run', 1, 1, (array['schedule', 'api', 'dashboard'])[1 + n % 7 % 3],
            timestamptz '2026-01-01 00:00Z' + n / 2 * interval '1 second', now(), '{}', 1, '{}', 1
        from generate_series(1, 20000) n where not exists (select from jobs.run where workload_id = 'it-history')\
        """;

    private static final String FILL_EXECS = """
        insert into jobs.run (id, workload_id, job_id, org, partition, status, mode, attempt, attempts_max, triggered_by,
            queued_at, completed_at, next_attempt_at, definition, definition_revision, parameters, published)
        select 'run-f' || lpad(n::text, 23, '0'), 'it-execs', 'job', (array['acme', 'other'])[1 + n % 2], 100, 'succeeded',
            'exec', 1, 1, 'api', timestamptz '2026-01-01 00:00Z' + n * interval '10 seconds',
            case when n < 9 then timestamptz '2026-01-01 00:00Z' + n * interval '10 seconds' + interval '5 seconds' end,
            now(), '{}', 1, '{}', 1
        from generate_series(0, 9) n\
        """;

    @Inject
    History history;

    @Inject
    @DataSource("jobs")
    AgroalDataSource dataSource;

    @BeforeEach
    void fill() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            if (statement.executeUpdate(FILL) > 0) {
                statement.execute("analyze jobs.run");
            }
        }
    }

    static Stream<Arguments> filters() {
        return Stream.of(
                filter("all", null, null, null, null, null),
                filter("a job's", "job-1", null, null, null, null),
                filter("failed ones", null, RunStatus.FAILED, null, null, null),
                filter("lost ones of a job", "job-1", RunStatus.LOST, null, null, null),
                filter("by schedule", null, null, Run.BY_SCHEDULE, null, null),
                filter("by schedule of a job", "job-2", null, Run.BY_SCHEDULE, null, null),
                filter("failed by API", null, RunStatus.FAILED, Run.BY_API, null, null),
                filter(
                        "succeeded by API in a time",
                        "job-0",
                        RunStatus.SUCCEEDED,
                        Run.BY_API,
                        FROM.plusSeconds(100),
                        TO),
                filter("of a time", null, null, null, FROM.plusSeconds(100), TO),
                filter("of no such trigger", null, null, "moon", null, null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("filters")
    void shouldGiveEachRunOnceNewestFirstWhenPageByPageIsAskedFor(String name, RunQuery query) throws SQLException {
        // Given
        List<String> expected = all().stream()
                .filter(matches(query))
                .sorted(Comparator.comparing(Run::queuedAt)
                        .thenComparing(Run::id)
                        .reversed())
                .map(run -> run.id().value())
                .toList();

        // When
        List<String> found = new ArrayList<>();
        @Nullable String cursor = null;
        do {
            RunPage page = history.page(with(query, 997, cursor));
            page.items().forEach(run -> found.add(run.id().value()));
            cursor = page.next();
        } while (cursor != null);

        // Then
        assertThat(found).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("filters")
    void shouldReadAnIndexInOrderWhenAPageIsAskedFor(String name, RunQuery query) throws SQLException {
        // Given
        Run last = all().get(7000);
        RunReader.Statement statement = RunReader.statement(
                query.triggeredBy() == null ? query : with(query, Run.BY_SCHEDULE), RunCursor.after(last), 101);

        // When
        String plan = explain(statement);

        // Then
        assertThat(plan).contains("Index Scan").doesNotContain("Seq Scan").doesNotContain("Bitmap");
    }

    @Test
    void shouldFindRunsInsideInstancesThatWentOnInATime() throws SQLException {
        // Given: each goes on for five seconds, one every ten, and the last is not over
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(FILL_EXECS);
        }

        // When, Then
        assertThat(execs(List.of(), List.of(), 25, 61)).containsExactlyInAnyOrder("2", "3", "4", "5", "6");
        assertThat(execs(List.of("acme"), List.of(), 26, 61)).containsExactlyInAnyOrder("4", "6");
        assertThat(execs(List.of(), List.of(new WorkloadId("it-execs")), 86, 1000))
                .containsExactlyInAnyOrder("9");
        assertThat(execs(List.of(), List.of(WORKLOAD), 0, 1000)).isEmpty();
        assertThat(explain(new RunReader.Statement(
                        RunReader.EXECS, List.of(FROM, TO, true, new String[] {}, true, new String[] {}, 100))))
                .contains("run_exec_ix");
    }

    private List<String> execs(List<String> orgs, List<WorkloadId> workloads, int from, int to) throws SQLException {
        ExecQuery query = new ExecQuery(orgs, workloads, FROM.plusSeconds(from), FROM.plusSeconds(to), 100);
        return history.execs(query).items().stream()
                .map(run -> run.value().substring("run-f".length()).replaceFirst("^0+(?=.)", ""))
                .toList();
    }

    @Test
    void shouldRefuseWhenACursorOrALimitIsNone() {
        // Given
        RunQuery query = new RunQuery(WORKLOAD, null, null, null, null, null, 10, "yesterday");

        // When, Then
        assertThatThrownBy(() -> history.page(query))
                .isInstanceOf(SpyhopException.class)
                .hasMessageStartingWith("cursor: ");
        assertThatThrownBy(() -> history.page(with(query, JobsApi.PAGE_MAX + 1, null)))
                .isInstanceOf(SpyhopException.class)
                .hasMessageStartingWith("limit: ");
    }

    private List<Run> all() throws SQLException {
        List<Run> runs = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select * from jobs.run where workload_id = 'it-history'");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                runs.add(RunStore.run(row));
            }
        }
        return runs;
    }

    private static Predicate<Run> matches(RunQuery query) {
        Instant from = Objects.requireNonNullElse(query.from(), Instant.MIN);
        Instant to = Objects.requireNonNullElse(query.to(), Instant.MAX);
        return run -> (query.jobId() == null || run.jobId().equals(query.jobId()))
                && (query.status() == null || run.status() == query.status())
                && (query.triggeredBy() == null || run.triggeredBy().equals(query.triggeredBy()))
                && !run.queuedAt().isBefore(from)
                && run.queuedAt().isBefore(to);
    }

    private String explain(RunReader.Statement statement) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement explain = connection.prepareStatement("EXPLAIN " + statement.sql())) {
            for (int i = 0; i < statement.values().size(); i++) {
                Object value = statement.values().get(i);
                explain.setObject(i + 1, value instanceof Instant at ? Timestamp.from(at) : value);
            }
            try (ResultSet row = explain.executeQuery()) {
                while (row.next()) {
                    plan.append(row.getString(1)).append('\n');
                }
            }
        }
        return plan.toString();
    }

    private static Arguments filter(
            String name,
            @Nullable String job,
            @Nullable RunStatus status,
            @Nullable String triggeredBy,
            @Nullable Instant from,
            @Nullable Instant to) {
        return Arguments.of(name, new RunQuery(WORKLOAD, job, status, triggeredBy, from, to, 100, null));
    }

    private static RunQuery with(RunQuery query, int limit, @Nullable String cursor) {
        return new RunQuery(
                query.workload(),
                query.jobId(),
                query.status(),
                query.triggeredBy(),
                query.from(),
                query.to(),
                limit,
                cursor);
    }

    private static RunQuery with(RunQuery query, String triggeredBy) {
        return new RunQuery(
                query.workload(),
                query.jobId(),
                query.status(),
                triggeredBy,
                query.from(),
                query.to(),
                query.limit(),
                null);
    }
}
