package io.spyhop.jobs.signal;

import static org.awaitility.Awaitility.await;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.jobs.EmbeddedParts;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commits of whoever else are heard. Whatever is written is of a partition that nobody owns. */
@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class SignalsIT {
    private static final String JOB = """
        insert into jobs.job (workload_id, id, org, partition, source, revision, definition, created_at, updated_at, anchor_at)
        values (%1$s, %2$s, 'it', 100, 'api', 1, '{}', now(), now(), now());
        """;

    private static final String RUN = """
        insert into jobs.run (id, workload_id, job_id, org, partition, status, mode, attempt, attempts_max, triggered_by,
            queued_at, next_attempt_at, definition, definition_revision, parameters)
        values (%2$s, %1$s, 'it', 'it', 100, 'queued', 'run', 0, 1, 'api', now(), now(), '{}', 1, '{}');
        """;

    @Inject
    Signals signals;

    @Inject
    @DataSource("jobs")
    AgroalDataSource dataSource;

    private final String id = "'it-" + UUID.randomUUID().toString().substring(0, 8) + "'";

    @BeforeEach
    void prepare() throws SQLException {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
        run(JOB, "'there'");
        run(RUN, id);
    }

    @AfterEach
    void remove() throws SQLException {
        run("delete from jobs.job where workload_id = %1$s", "");
        run("delete from jobs.run where workload_id = %1$s", "");
        run("delete from jobs.captured where container_id = %1$s", "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            RUN      | insert into jobs.run select * from jobs.run where false
            RUN      | update jobs.run set cancel_requested_at = now() where id = %2$s
            CHANGE   | update jobs.run set revision = 2 where id = %2$s
            CAPTURED | insert into jobs.captured values (%2$s, now())
            JOB      | update jobs.job set revision = 2 where workload_id = %1$s
            """)
    void shouldWakeWhoeverWaitsWhenSomethingIsCommitted(Signal signal, String statement) throws SQLException {
        // Given: nothing that was said before is on its way any more
        AtomicInteger before = new AtomicInteger();
        signals.on(Signal.SHARE, before::incrementAndGet);
        await().until(() -> {
            run("select pg_notify('spyhop_jobs', 'SHARE')", "");
            return before.get() > 0;
        });
        AtomicInteger woken = new AtomicInteger();
        signals.on(signal, woken::incrementAndGet);

        // When
        run(statement, id);

        // Then
        await().until(() -> woken.get() > 0);
    }

    private void run(String statements, String second) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(statements.formatted(id, second));
        }
    }
}
