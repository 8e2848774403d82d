package io.spyhop.benchmarks;

import io.spyhop.benchmarks.Figures.Figure;
import io.spyhop.contracts.topic.RecordKey;
import io.spyhop.embedded.EmbeddedBroker;
import io.spyhop.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A million runs of one job of a service, in a year: how long a page of them takes over the API, whatever it is filtered by and however
 * far back it lies. The runs are made by a statement; the database is run by the benchmark.
 */
final class JobHistoryPart implements Bench.Part {
    private static final int RUNS = 1_000_000;
    private static final int QUESTIONS = 100;
    private static final int LIMIT = 100;
    private static final Instant FROM = Instant.parse("2025-01-01T00:00:00Z");
    private static final int SECONDS_BETWEEN = 31;

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        String service = bench.containers().start("job-history", "exec sleep 100000");
        Path work = Files.createTempDirectory("spyhop-bench-jobs");
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (EmbeddedBroker broker = EmbeddedBroker.start(work.resolve("kafka"), 0);
                EmbeddedPostgres postgres = EmbeddedPostgres.start(work.resolve("postgres"), 0);
                Product product = new Product(
                        bench.checkout(),
                        Map.of(
                                "KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(),
                                "QUARKUS_DATASOURCE_JDBC_URL", postgres.jdbcUrl(),
                                "QUARKUS_DATASOURCE_USERNAME", postgres.user(),
                                "QUARKUS_DATASOURCE_PASSWORD", postgres.password()));
                Connection database =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password())) {
            product.start();
            String workload = Bench.awaitWorkload(product, service);
            fill(database, workload);
            for (int round = 1; round <= bench.rounds().rounds(); round++) {
                Bench.say("Pages of history, round " + round + ".");
                pages(bench, product, workload);
            }
        } catch (SQLException e) {
            throw new IOException(e);
        } finally {
            Containers.exit("rm", "-rf", work.toString());
        }
        bench.containers().remove(List.of(service));
    }

    private static void fill(Connection database, String workload) throws SQLException {
        Bench.say("Making " + RUNS + " runs.");
        // Nine in a hundred failed, one in a thousand was lost; most are of a schedule.
        String made = """
        INSERT INTO jobs.run (id, workload_id, job_id, org, partition, status, mode, attempt, attempts_max, exit_code, triggered_by,
            due_at, queued_at, next_attempt_at, started_at, completed_at, container_id, image, image_digest, env_keys, definition,
            definition_revision, parameters, published)
        SELECT 'run-' || lpad(to_hex(n), 24, '0'), '%1$s', 'nightly', 'default', %2$d,
            CASE WHEN n %% 1000 = 0 THEN 'lost' WHEN n %% 100 < 9 THEN 'failed' ELSE 'succeeded' END,
            'run', 1, 1, (n %% 100 < 9)::int, CASE WHEN n %% 7 = 0 THEN 'api' WHEN n %% 77 = 1 THEN 'dashboard' ELSE 'schedule' END,
            at, at, at, at, at + interval '9 seconds', md5(n::text) || md5(n::text), 'shop/app:17', 'sha256:' || md5(n::text),
            '["HOME", "PATH", "TOKEN"]', '{"id": "nightly", "name": "Nightly", "mode": "run", "command": ["sh", "-c", "tidy"],
            "env": {"TOKEN": "x"}, "parameters": [], "timeoutSeconds": 600, "retries": 0, "retryBackoffSeconds": 0,
            "concurrency": "allow", "schedule": "* * * * *", "timeZone": "UTC", "missed": "skip", "enabled": true}', 1, '{}', 1
        FROM (SELECT n, timestamptz '%3$s' + n * interval '%4$d seconds' AS at FROM generate_series(1, %5$d) n) made\
        """.formatted(workload, RecordKey.partitionOf(workload), FROM, SECONDS_BETWEEN, RUNS);
        try (Statement statement = database.createStatement()) {
            statement.execute(made);
            statement.execute("VACUUM ANALYZE jobs.run");
        }
    }

    private static void pages(Bench bench, Product product, String workload) throws IOException, InterruptedException {
        Map<String, String> filters = new LinkedHashMap<>();
        filters.put("all", "");
        filters.put("failed", "&status=failed");
        filters.put("lost, one in a thousand", "&status=lost");
        filters.put("by dashboard", "&triggeredBy=dashboard");
        filters.put("failed, by schedule", "&status=failed&triggeredBy=schedule");
        String address = "/api/v1/workloads/" + workload + "/jobs/nightly/runs?limit=" + LIMIT;
        Random random = new Random(1);
        for (Map.Entry<String, String> filter : filters.entrySet()) {
            double[] millis = new double[QUESTIONS];
            for (int i = 0; i < QUESTIONS; i++) {
                // Each other page lies somewhere in the year.
                String to = i % 2 == 0 ? "" : "&to=" + FROM.plusSeconds((long) SECONDS_BETWEEN * random.nextInt(RUNS));
                long start = System.nanoTime();
                product.readToEnd(address + filter.getValue() + to);
                millis[i] = 1e3 * Bench.seconds(System.nanoTime() - start);
            }
            String name = "page of " + LIMIT + " of a million runs, " + filter.getKey();
            bench.figures().add(new Figure(name + ", p50", "ms", 1, ""), Figures.quantile(millis, 0.5));
            bench.figures().add(new Figure(name + ", p95", "ms", 1, "≤ 50"), Figures.quantile(millis, 0.95));
        }
    }
}
