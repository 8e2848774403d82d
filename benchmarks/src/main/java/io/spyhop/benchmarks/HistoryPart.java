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

    /** Of questions that take a tenth of a second each. */
    private static final int QUESTIONS_LONG = 20;

    /** Records under way at once. */
    private static final int UNDER_WAY = 2000;

    private static final Figure STORED = new Figure("history: stored", "samples/s", 0, "≥ 167");
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
        Instant last = end.minusSeconds(INTERVAL_SECONDS);
        Random random = new Random(1);
        long published = 0;
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
        // Those of a container are stored in order. To count all of them again and again would take the database's
        // time.
        Bench.await(
                "the last samples are stored",
                () -> isTrue(
                        database,
                        "SELECT count(*) >= " + CONTAINERS + " FROM metrics.instance WHERE EXISTS (SELECT FROM"
                                + " metrics.sample s WHERE s.instance_id = instance.instance_id AND s.slot = '" + last
                                + "')"));
        bench.figures().add(STORED, published / Bench.seconds(System.nanoTime() - begun));
        double samples = number(database, "SELECT count(*) FROM metrics.sample");
        if (samples < published) {
            throw new IOException("of " + published + " samples there are " + samples);
        }
        Bench.say("Waiting until all is rolled up.");
        Bench.await("all is rolled up", () -> isTrue(database, "SELECT NOT EXISTS (SELECT FROM metrics.late)"));
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
        List<String> charts = workloads.stream().map(address::formatted).toList();
        ask(bench, product, QUESTIONS, "chart of 3 days of a container", "≤ 50", charts, "");
        ask(bench, product, QUESTIONS, "chart of 3 days, a point a minute", "", charts, "&step=1m");
        ask(bench, product, QUESTIONS, "first 1000 samples of 3 days", "", charts, "&step=raw&limit=1000");
        List<String> sums = List.of("/api/v1/metrics/aggregate?group=org&from=3d");
        ask(bench, product, QUESTIONS_LONG, "3 days of 50 containers added up", "", sums, "");
        ask(bench, product, QUESTIONS_LONG, "3 days of 50 containers added up each 15 minutes", "", sums, "&step=15m");
    }

    private static void ask(
            Bench bench, Product product, int count, String what, String goal, List<String> paths, String more)
            throws IOException, InterruptedException {
        double[] millis = new double[count];
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            product.readToEnd(paths.get(i % paths.size()) + more);
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

    private static Optional<Boolean> isTrue(Connection database, String sql) throws IOException {
        try (Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getBoolean(1) ? Optional.of(true) : Optional.empty();
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
