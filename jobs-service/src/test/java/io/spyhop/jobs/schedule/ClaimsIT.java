package io.spyhop.jobs.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.hasItem;

import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.jobs.EmbeddedParts;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Looks at schedules of a far future, of which the service's own look sees nothing. */
@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class ClaimsIT {
    private static final Instant DUE = Instant.parse("2090-05-04T10:00:00Z");

    @Inject
    ClaimStore store;

    @Inject
    @DataSource("jobs")
    AgroalDataSource dataSource;

    private final String workload = "it-" + UUID.randomUUID().toString().substring(0, 8);
    private final ScheduleMetrics metrics = new ScheduleMetrics(new SimpleMeterRegistry());

    @BeforeEach
    void forgetOthers() throws SQLException {
        sql("delete from jobs.job where next_at > '2080-01-01'");
    }

    @AfterEach
    void remove() throws SQLException {
        sql("delete from jobs.job where workload_id = '%s'".formatted(workload));
    }

    @Test
    void shouldRunEachTimeOnceWhenTwoReplicasLook() throws Exception {
        // Given
        for (int i = 0; i < 1000; i++) {
            insert("job-" + i, "allow", "skip");
        }
        List<ScheduleTick> replicas = List.of(tick(DUE.minusSeconds(1)), tick(DUE.minusSeconds(1)));

        // When
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> looks = new ArrayList<>();
            for (ScheduleTick replica : replicas) {
                looks.add(threads.submit(() -> {
                    replica.look();
                    return null;
                }));
            }
            for (Future<?> look : looks) {
                look.get();
            }
        }

        // Then
        assertThat(strings("select count(*) || ' ' || count(distinct job_id) from jobs.run where workload_id = '%s'"))
                .containsExactly("1000 1000");
        assertThat(
                        strings(
                                "select distinct status || ' ' || triggered_by || ' ' || (parameters ->> 'DAY') || ' '"
                                        + " || (due_at = timestamptz '2090-05-04 10:00Z') || ' '"
                                        + " || (next_attempt_at = due_at and queued_at = due_at) from jobs.run where workload_id = '%s'"))
                .containsExactly("queued schedule monday true true");
        assertThat(strings("select distinct (next_at = timestamptz '2090-05-04 11:00Z') || ' ' || missed_count"
                        + " from jobs.job where workload_id = '%s'"))
                .containsExactly("true 0");
    }

    @Test
    void shouldNotRunATimeAgainWhenAScheduleIsSetBack() throws SQLException {
        // Given
        insert("job", "allow", "skip");
        tick(DUE).look();
        sql("update jobs.job set next_at = '2090-05-04 10:00Z' where workload_id = '%s'".formatted(workload));

        // When
        tick(DUE).look();

        // Then
        assertThat(strings("select due_at = timestamptz '2090-05-04 10:00Z' from jobs.run where workload_id = '%s'"))
                .containsExactly("t");
        assertThat(strings("select next_at = timestamptz '2090-05-04 11:00Z' from jobs.job where workload_id = '%s'"))
                .containsExactly("t");
    }

    @Test
    void shouldCountMissedTimesAndMakeUpForThemWhenNobodyLooked() throws SQLException {
        // Given
        insert("skips", "allow", "skip");
        insert("runs", "allow", "run-once");

        // When
        tick(DUE.plus(Duration.ofMinutes(150))).look();

        // Then
        assertThat(strings("select id || ' ' || missed_count || ' ' || (expected_at = timestamptz '2090-05-04 11:00Z')"
                        + " from jobs.job where workload_id = '%s' order by id"))
                .containsExactly("runs 2 true", "skips 3 true");
        assertThat(strings("select job_id || ' ' || (due_at = timestamptz '2090-05-04 12:00Z') from jobs.run"
                        + " where workload_id = '%s'"))
                .containsExactly("runs true");

        // When: what makes up for it succeeds
        sql("update jobs.run set status = 'succeeded', completed_at = '2090-05-04 12:31Z' where workload_id = '%s'"
                .formatted(workload));

        // Then
        assertThat(strings("select id || ' ' || missed_count || ' ' || coalesce(expected_at::text, 'none')"
                        + " from jobs.job where workload_id = '%s' and id = 'runs'"))
                .containsExactly("runs 0 none");
    }

    @Test
    void shouldWaitForAnotherRunWhenASecondIsForbidden() throws SQLException {
        // Given: one that goes on
        insert("job", "forbid", "skip");
        tick(DUE).look();

        // When
        Instant next = DUE.plus(Duration.ofHours(1));
        tick(next.minusSeconds(2)).look();

        // Then: its time is still to come
        assertThat(strings("select missed_count || ' ' || (next_at = timestamptz '2090-05-04 11:00Z') from jobs.job"
                        + " where workload_id = '%s'"))
                .containsExactly("0 true");

        // When: it ends in time
        sql("update jobs.run set status = 'failed' where workload_id = '%s'".formatted(workload));
        tick(next.minusSeconds(1)).look();
        tick(next.plus(Duration.ofHours(1))).look();

        // Then: and the next one does not
        assertThat(strings("select (due_at = timestamptz '2090-05-04 11:00Z') || ' ' || status from jobs.run"
                        + " where workload_id = '%s' order by due_at"))
                .containsExactly("false failed", "true queued");
        assertThat(strings("select missed_count::text from jobs.job where workload_id = '%s'"))
                .containsExactly("1");
    }

    @Test
    void shouldLookAgainBeforeAnythingIsDue() throws SQLException {
        // Given
        sql("delete from jobs.job");
        insert("job", "allow", "skip");

        // When: the job is due in a minute, in five seconds, and in three
        Duration far = tick(DUE.minusSeconds(60)).look();
        Duration near = tick(DUE.minusSeconds(5)).look();
        Duration soon = tick(DUE.minusSeconds(3)).look();

        // Then
        assertThat(far).isEqualTo(ScheduleLimits.QUIET_MAX);
        assertThat(near).isEqualTo(Duration.ofSeconds(3));
        assertThat(soon).isEqualTo(ScheduleLimits.QUIET_MIN);
    }

    @Test
    void shouldSeeAJobAtOnceWhenOneIsMadeInAQuietTime() throws SQLException {
        // Given: a look that has just found nothing else
        sql("delete from jobs.job");
        insert("before", "allow", "skip", Instant.now());
        await().until(() -> strings("select job_id from jobs.run where workload_id = '%s'"), hasItem("before"));

        // When
        insert("job", "allow", "skip", Instant.now());

        // Then: sooner than the next look would come by itself
        await().atMost(ScheduleLimits.QUIET_MAX.dividedBy(2))
                .until(() -> strings("select job_id from jobs.run where workload_id = '%s'"), hasItem("job"));
    }

    private ScheduleTick tick(Instant now) {
        return new ScheduleTick(store, metrics, Clock.fixed(now, ZoneOffset.UTC));
    }

    private void insert(String id, String concurrency, String missed) throws SQLException {
        insert(id, concurrency, missed, DUE);
    }

    private void insert(String id, String concurrency, String missed, Instant due) throws SQLException {
        String definition = """
        {"id": "%s", "name": "it", "mode": "run", "command": ["true"], "env": {}, "parameters": [{"name": "DAY",
         "default": "monday"}], "timeoutSeconds": 0, "retries": 0, "retryBackoffSeconds": 0, "concurrency": "%s",
         "schedule": "@hourly", "timeZone": "UTC", "missed": "%s", "enabled": true}\
        """.formatted(id, concurrency, missed);
        sql(
                "insert into jobs.job (workload_id, id, org, partition, source, revision, definition, created_at, updated_at,"
                        + " anchor_at, next_at) values ('%s', '%s', 'default', 0, 'api', 1, '%s', now(), now(), now(), '%s')"
                                .formatted(workload, id, definition, due));
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    private List<String> strings(String query) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(query.formatted(workload))) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }
}
