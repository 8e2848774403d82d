package io.spyhop.lifecycle.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.lifecycle.watch.EmbeddedParts;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commits of whoever else are heard. Whatever is written is of a host that nobody watches. */
@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class SignalsIT {
    private static final String WORKLOAD = """
        insert into lifecycle.workload (id, org, source, source_host, source_key, kind, name, slug, labels, created_at, status, image)
            values (%1$s, 'it', 'it', 'it', %1$s, 'container', 'it', 'it', '{}', now(), 'running', 'it');
        insert into lifecycle.instance values ('it', %1$s, %1$s, 0, 1, '{"status": "running"}', now());
        insert into lifecycle.crash (workload_id, n, container_id, at_nanos, at, crash_loop, facts)
            values (%1$s, 1, %1$s, 1, now(), false, '{}');
        """;

    @Inject
    Signals signals;

    @Inject
    @DataSource("lifecycle")
    AgroalDataSource dataSource;

    private final String id = "'it-" + UUID.randomUUID().toString().substring(0, 8) + "'";

    @BeforeEach
    void prepare() throws SQLException {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
        Awaitility.setDefaultPollInterval(Duration.ofMillis(50));
        run(WORKLOAD);
    }

    @AfterEach
    void remove() throws SQLException {
        run("""
            delete from lifecycle.errand where workload_id = %1$s;
            delete from lifecycle.note where workload_id = %1$s;
            delete from lifecycle.health_setting where workload_id = %1$s;
            delete from lifecycle.crash where workload_id = %1$s;
            delete from lifecycle.stored_end where container_id = %1$s;
            delete from lifecycle.instance where workload_id = %1$s;
            delete from lifecycle.workload where id = %1$s;
            """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ERRAND    | insert into lifecycle.errand values (%1$s, 'it', 'STOP', 'SIGNAL', 1, 0, 0, now(), now())
            NOTE      | insert into lifecycle.note (workload_id, org, host, at, text, fields) values (%1$s, 'it', 'it', now(), 'it', '{}')
            SETTING   | insert into lifecycle.health_setting (workload_id, changed_at) values (%1$s, now())
            DEATH     | update lifecycle.instance set state = '{"status": "crashed", "labels": {"spyhop.managed": "it"}}' where workload_id = %1$s
            FORENSICS | update lifecycle.crash set through = 0, usages = '[]' where workload_id = %1$s
            FORENSICS | insert into lifecycle.stored_end (container_id, ended_at) values (%1$s, now())
            """)
    void shouldWakeWhoeverWaitsWhenSomethingIsCommitted(Signal signal, String statement) throws SQLException {
        // Given
        AtomicInteger woken = heard(signal);

        // When
        run(statement);

        // Then
        await().until(() -> woken.get() > 0);
    }

    @Test
    void shouldWakeForAnotherRequestAndNotForAStep() throws SQLException {
        // Given
        run("insert into lifecycle.errand values (%1$s, 'it', 'STOP', 'SIGNAL', 1, 0, 0, now(), now())");
        AtomicInteger errands = heard(Signal.ERRAND);
        AtomicInteger settings = heard(Signal.SETTING);

        // When
        run("update lifecycle.errand set step = 'WAIT', ticket = 1 where workload_id = %1$s");
        run("insert into lifecycle.health_setting (workload_id, changed_at) values (%1$s, now())");

        // Then: what was committed later is heard later
        await().until(() -> settings.get() > 0);
        assertThat(errands).hasValue(0);

        // When
        run("update lifecycle.errand set ticket = 2 where workload_id = %1$s");

        // Then
        await().until(() -> errands.get() > 0);
    }

    @Test
    void shouldListenAgainWhenTheConnectionBroke() throws SQLException {
        // Given
        heard(Signal.NOTE);
        AtomicInteger woken = new AtomicInteger();
        signals.on(Signal.NOTE, woken::incrementAndGet);

        // When
        run("select pg_terminate_backend(pid) from pg_stat_activity where query = 'LISTEN spyhop_lifecycle'");

        // Then: without a note, for one may have been missed
        await().until(() -> woken.get() > 0);
    }

    /** Counts from now on: nothing that was said before, by whatever test, is on its way any more. */
    private AtomicInteger heard(Signal signal) throws SQLException {
        AtomicInteger woken = new AtomicInteger();
        AtomicInteger before = new AtomicInteger();
        signals.on(Signal.HOSTS, before::incrementAndGet);
        await().until(() -> {
            run("select pg_notify('spyhop_lifecycle', 'HOSTS')");
            return before.get() > 0;
        });
        signals.on(signal, woken::incrementAndGet);
        return woken;
    }

    private void run(String statements) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(statements.formatted(id));
        }
    }
}
