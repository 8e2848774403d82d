package io.spyhop.benchmarks;

import io.spyhop.benchmarks.Figures.Figure;
import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.metric.Sample;
import io.spyhop.contracts.metric.Usage;
import io.spyhop.contracts.topic.Topics;
import io.spyhop.embedded.EmbeddedBroker;
import io.spyhop.embedded.EmbeddedPostgres;
import io.spyhop.messaging.KafkaConnection;
import io.spyhop.messaging.TopicPublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Samples of three days of fifty containers, published as the sampler does: how fast they are stored, what they take, and how
 * long charts of them take over the API. Broker and database are run by the benchmark, which looks into them.
 */
final class HistoryPart implements Bench.Part {
    private static final int CONTAINERS = 50;
    private static final Duration RANGE = Duration.ofDays(3);
    private static final int INTERVAL_SECONDS = 30;
    private static final int QUESTIONS = 100;

    /** Records under way at once. */
    private static final int UNDER_WAY = 2000;

    private static final Figure STORED = new Figure("history: stored", "samples/s", 0, "≥ 10,000 a minute");
    private static final Figure BYTES = new Figure("history: a stored sample, with its indexes", "bytes", 0, "");
    private static final Figure ROLLED =
            new Figure("history: five minutes and hours, by samples that they stand for", "bytes", 1, "");

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        Bench.say("Starting " + CONTAINERS + " quiet containers.");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < CONTAINERS; i++) {
            names.add(bench.containers().start("history-" + i, "exec sleep 100000"));
        }
        Path work = Files.createTempDirectory("spyhop-bench-history");
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
            List<String> workloads = new ArrayList<>();
            for (String name : names) {
                workloads.add(Bench.awaitWorkload(product, name));
            }
            fill(bench, broker.bootstrapServers(), database, names, workloads);
            for (int round = 1; round <= bench.rounds().rounds(); round++) {
                Bench.say("Charts, round " + round + ".");
                charts(bench, product, workloads);
            }
        } catch (SQLException e) {
            throw new IOException(e);
        } finally {
            Containers.exit("rm", "-rf", work.toString());
        }
        bench.containers().remove(names);
    }

    private static void fill(
            Bench bench, String brokers, Connection database, List<String> names, List<String> workloads)
            throws IOException, InterruptedException, SQLException {
        Bench.say("Publishing samples of three days.");
        List<String> ids = new ArrayList<>();
        for (String name : names) {
            ids.add(Containers.output("docker", "inspect", "--format", "{{.Id}}", name));
        }
        // The newest hour is left to the sampler itself.
        Instant end = Instant.ofEpochSecond(Instant.now().getEpochSecond() / 3600 * 3600);
        Random random = new Random(1);
        long published = 0;
        long before = number(database, "SELECT count(*) FROM metrics.sample");
        long begun = System.nanoTime();
        List<CompletableFuture<Void>> underWay = new ArrayList<>();
        try (TopicPublisher publisher = new TopicPublisher(new KafkaConnection(brokers, "bench", "0"))) {
            for (Instant slot = end.minus(RANGE); slot.isBefore(end); slot = slot.plusSeconds(INTERVAL_SECONDS)) {
                for (int i = 0; i < ids.size(); i++) {
                    Sample sample = sample(workloads.get(i), ids.get(i), slot, random);
                    underWay.add(publisher.publishJson(Topics.SAMPLES, sample.key(), sample));
                    published++;
                }
                if (underWay.size() >= UNDER_WAY) {
                    underWay.forEach(CompletableFuture::join);
                    underWay.clear();
                }
            }
            underWay.forEach(CompletableFuture::join);
        }
        long wanted = before + published;
        Bench.await(
                "all samples are stored",
                () -> numberNow(database, "SELECT count(*) FROM metrics.sample") >= wanted
                        ? Optional.of(true)
                        : Optional.empty());
        bench.figures().add(STORED, published / Bench.seconds(System.nanoTime() - begun));
        Bench.say("Waiting until all is rolled up.");
        Bench.await(
                "all is rolled up",
                () -> numberNow(database, "SELECT count(*) FROM metrics.late") == 0
                        ? Optional.of(true)
                        : Optional.empty());
        double samples = number(database, "SELECT count(*) FROM metrics.sample");
        bench.figures().add(BYTES, size(database, "sample") / samples);
        bench.figures().add(ROLLED, (size(database, "five_minutes") + size(database, "hour")) / samples);
    }

    private static Sample sample(String workload, String container, Instant slot, Random random) {
        double cpu = random.nextDouble(100);
        double memory = 200 + random.nextDouble(50);
        return new Sample(
                new WorkloadId(workload),
                "default",
                null,
                "local",
                container,
                0,
                slot,
                INTERVAL_SECONDS,
                new Usage(
                        slot,
                        cpu,
                        memory,
                        512,
                        true,
                        memory / 5.12,
                        1L,
                        2L,
                        cpu * 2,
                        cpu * 3,
                        3L,
                        4L,
                        cpu * 4,
                        cpu * 5,
                        7L));
    }

    private static void charts(Bench bench, Product product, List<String> workloads)
            throws IOException, InterruptedException {
        String address = "/api/v1/workloads/%s/metrics?from=3d";
        ask(bench, product, "chart of 3 days of a container", "≤ 50", workloads, address);
        ask(bench, product, "chart of 3 days, a point a minute", "", workloads, address + "&step=1m");
        ask(bench, product, "first 1000 samples of 3 days", "", workloads, address + "&step=raw&limit=1000");
        ask(
                bench,
                product,
                "3 days of 50 containers added up",
                "",
                workloads,
                "/api/v1/metrics/aggregate?group=org&from=3d");
        ask(
                bench,
                product,
                "3 days of 50 containers added up each 15 minutes",
                "",
                workloads,
                "/api/v1/metrics/aggregate?group=org&from=3d&step=15m");
    }

    private static void ask(Bench bench, Product product, String what, String goal, List<String> workloads, String path)
            throws IOException, InterruptedException {
        double[] millis = new double[QUESTIONS];
        for (int i = 0; i < QUESTIONS; i++) {
            long start = System.nanoTime();
            product.readToEnd(path.formatted(workloads.get(i % workloads.size())));
            millis[i] = 1e3 * Bench.seconds(System.nanoTime() - start);
        }
        bench.figures().add(new Figure(what + ", p50", "ms", 1, ""), Figures.quantile(millis, 0.5));
        bench.figures().add(new Figure(what + ", p95", "ms", 1, goal), Figures.quantile(millis, 0.95));
    }

    private static double size(Connection database, String table) throws SQLException {
        return number(
                database,
                "SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'metrics." + table
                        + "'::regclass");
    }

    private static long numberNow(Connection database, String sql) throws IOException {
        try {
            return number(database, sql);
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private static long number(Connection database, String sql) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
