package io.spyhop.lifecycle.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.hibernate.orm.PersistenceUnit;
import io.quarkus.hibernate.orm.PersistenceUnitExtension;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.lifecycle.watch.EmbeddedParts;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.junit.jupiter.api.Test;

/** Runs of jobs stay in the catalogue: whoever does not ask for them must not read over them. All is in a transaction that is undone. */
@QuarkusTest
@QuarkusTestResource(EmbeddedParts.class)
class ManyRunsIT {
    private static final List<String> ROWS = List.of("""
            insert into lifecycle.workload
                (id, org, source, source_host, source_key, kind, name, slug, labels, created_at, status, image)
            select 'run-' || n, 'acme', 'label', '', 'run-' || n, 'job-run', 'it', 'it', '{}', now(), 'removed', 'it'
            from generate_series(1, 20000) n""", """
            insert into lifecycle.workload
                (id, org, source, source_host, source_key, kind, name, slug, labels, created_at, status, image)
            select 'service-' || n, 'acme', 'label', '', 'service-' || n, 'service', 'it', 'it', '{}', now(), 'running', 'it'
            from generate_series(1, 500) n""", """
            insert into lifecycle.instance
            select 'it', 'run-' || n, 'run-' || n, 0, 1, '{}', now(), now() from generate_series(1, 20000) n""", """
            insert into lifecycle.instance
            select 'it', 'service-' || n, 'service-' || n, 0, 1, '{}', now(), null from generate_series(1, 500) n""");
    private static final int LIMIT = 100;
    private static final Pattern PARAMETER = Pattern.compile("\\?");

    @Inject
    WorkloadRepository workloads;

    @Inject
    InstanceRepository instances;

    @Inject
    @PersistenceUnit("lifecycle")
    EntityManager entities;

    @Test
    void shouldReadOverNoRunsWhenOthersAreListedOrAWatchBegins() {
        QuarkusTransaction.begin();
        try {
            // Given
            ROWS.forEach(rows -> entities.createNativeQuery(rows).executeUpdate());
            entities.createNativeQuery("analyze lifecycle.workload, lifecycle.instance")
                    .executeUpdate();

            // When / Then
            assertReadsOverNoRuns(WorkloadQuery.of(List.of(), null, null, null, LIMIT, null));
            assertReadsOverNoRuns(WorkloadQuery.of(List.of(), null, null, null, LIMIT, "m"), "m");
            assertReadsOverNoRuns(WorkloadQuery.of(List.of("acme"), null, null, null, LIMIT, null), "acme");
            assertReadsOverNoRuns(
                    WorkloadQuery.of(List.of("acme", "other"), null, null, null, LIMIT, "m"), "acme", "other", "m");
            assertReadsOverNoRuns(WorkloadQuery.of(List.of(), Kind.SERVICE, null, null, LIMIT, null), "service");
            assertReadsOverNoRuns(
                    WorkloadQuery.of(List.of(), null, InstanceStatus.RUNNING, null, LIMIT, null), "running");
            workloads.page(WorkloadQuery.of(List.of(), Kind.JOB_RUN, InstanceStatus.RUNNING, null, LIMIT, null));
            assertThat(plan("running")).contains("workload_run_ix");
            instances.present("nowhere");
            assertThat(plan("nowhere")).contains("instance_present_ix").doesNotContain("Seq Scan", "Sort");
        } finally {
            QuarkusTransaction.rollback();
        }
    }

    private void assertReadsOverNoRuns(WorkloadQuery query, String... values) {
        workloads.page(query);
        assertThat(plan(values)).contains("workload_listed_").doesNotContain("Seq Scan", "workload_pk");
    }

    /** How this thread's last statement is done with these values, and with the limit in place of the others. */
    private String plan(String... values) {
        int[] count = {0};
        String statement =
                PARAMETER.matcher(Statements.LAST.get()).replaceAll((MatchResult parameter) -> "\\$" + ++count[0]);
        entities.createNativeQuery("prepare many_runs as " + statement).executeUpdate();
        String all = Stream.concat(Stream.of(values), Stream.generate(() -> Integer.toString(LIMIT)))
                .limit(count[0])
                .map(value -> "'" + value + "'")
                .collect(Collectors.joining(",", "(", ")"));
        List<?> rows = entities.createNativeQuery("explain (costs off) execute many_runs" + all, String.class)
                .getResultList();
        entities.createNativeQuery("deallocate many_runs").executeUpdate();
        return rows.stream().map(String::valueOf).collect(Collectors.joining("\n"));
    }

    /** Hears the statements that Hibernate makes of queries. */
    @PersistenceUnitExtension("lifecycle")
    static final class Statements implements StatementInspector {
        private static final long serialVersionUID = 1;

        private static final ThreadLocal<String> LAST = ThreadLocal.withInitial(() -> "");

        @Override
        public String inspect(String sql) {
            LAST.set(sql);
            return sql;
        }
    }
}
