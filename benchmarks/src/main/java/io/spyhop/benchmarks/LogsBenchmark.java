package io.spyhop.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Logs: how fast an existing log is captured, how late a line comes, how soon Spyhop answers and what memory it takes;
 * against the docker command on the same container, in turns. The README says what each figure means. Not thread-safe.
 */
final class LogsBenchmark {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long CAPTURE_TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final double NANOS = 1e9;
    private static final double MILLIS_A_NANO = 1e-6;

    private static final String CAPTURE = "capture: Spyhop";
    private static final String CAPTURE_TOTAL =
            "capture: Spyhop, from the start of an empty one to the last line readable";
    private static final String CAPTURE_DOCKER = "capture: docker logs > /dev/null";
    private static final String CAPTURE_DOCKER_T = "capture: docker logs -t > /dev/null";
    private static final String CAPTURE_RATIO = "capture: Spyhop / docker logs, of the same round";
    private static final String CAPTURE_PSS = "memory after that capture, all processes (PSS)";
    private static final String LATENCY_RATE = "latency: lines a second that were written";
    private static final String LATENCY_P50 = "latency p50: Spyhop, SSE";
    private static final String LATENCY_P99 = "latency p99: Spyhop, SSE";
    private static final String LATENCY_DOCKER_P50 = "latency p50: docker logs -f -t";
    private static final String LATENCY_DOCKER_P99 = "latency p99: docker logs -f -t";
    private static final String START_COLD = "start to /readyz: empty data directory";
    private static final String START_WARM = "start to /readyz: after a clean stop";
    private static final String START_KILLED = "start to /readyz: after kill -9";
    private static final String IDLE_PSS = "memory idle, all processes (PSS)";
    private static final String IDLE_RSS = "memory idle, the Java process (RSS)";
    private static final String RUN_PSS = "memory after the latency run, all processes (PSS)";
    private static final String RUN_RSS = "memory after the latency run, the Java process (RSS)";

    private final Path checkout;
    private final Rounds rounds;
    private final Figures figures = new Figures();

    LogsBenchmark(Path checkout, Rounds rounds) {
        this.checkout = checkout;
        this.rounds = rounds;
        figures.declare(CAPTURE, "lines/s", 0, "≥ 100,000");
        figures.declare(CAPTURE_DOCKER, "lines/s", 0, "");
        figures.declare(CAPTURE_DOCKER_T, "lines/s", 0, "");
        figures.declare(CAPTURE_RATIO, "ratio", 2, "≥ 0.5");
        figures.declare(CAPTURE_TOTAL, "s", 1, "");
        figures.declare(CAPTURE_PSS, "MiB", 0, "");
        figures.declare(LATENCY_RATE, "lines/s", 0, "");
        figures.declare(LATENCY_P50, "ms", 2, "");
        figures.declare(LATENCY_DOCKER_P50, "ms", 2, "");
        figures.declare(LATENCY_P99, "ms", 2, "docker's + 20");
        figures.declare(LATENCY_DOCKER_P99, "ms", 2, "");
        figures.declare(START_COLD, "s", 2, "≤ 6");
        figures.declare(START_WARM, "s", 2, "≤ 6");
        figures.declare(START_KILLED, "s", 2, "≤ 15");
        figures.declare(IDLE_PSS, "MiB", 0, "≤ 450");
        figures.declare(IDLE_RSS, "MiB", 0, "");
        figures.declare(RUN_PSS, "MiB", 0, "");
        figures.declare(RUN_RSS, "MiB", 0, "");
    }

    /** Measures everything and gives the table. */
    String run() throws IOException, InterruptedException {
        say("Building and starting once, so that no build is measured.");
        try (Product product = new Product(checkout)) {
            product.start();
        }
        starts();
        try (Containers containers = new Containers()) {
            capture(containers);
            latency(containers);
        }
        return surroundings() + figures.table();
    }

    /** Starts in three situations, and the memory of a Spyhop that nobody asks anything. */
    private void starts() throws IOException, InterruptedException {
        for (int round = 1; round <= rounds.rounds(); round++) {
            say("Starts, round " + round + ".");
            try (Product product = new Product(checkout)) {
                figures.add(START_COLD, product.start());
                product.stop();
                figures.add(START_WARM, product.start());
                pause(rounds.idle());
                Memory idle = product.memory();
                figures.add(IDLE_PSS, idle.pssMb());
                figures.add(IDLE_RSS, idle.rssMb());
                product.kill9();
                figures.add(START_KILLED, product.start());
            }
        }
    }

    /** A container that has ended is read by docker twice and by a Spyhop that never saw it, in turns. */
    private void capture(Containers containers) throws IOException, InterruptedException {
        say("Writing " + rounds.lines() + " lines.");
        String container = containers.start(
                "capture",
                "awk 'BEGIN { for (i = 1; i <= " + rounds.lines() + "; i++) printf \"10.0.%d.%d - - GET"
                        + " /api/v1/orders/%07d?page=%d HTTP/1.1 200 %d \\\"Mozilla/5.0 (X11; Linux x86_64)\\\" rt=0.%03d\\n\","
                        + " i % 256, i % 199, i, i % 17, 200 + i % 5000, i % 1000 }'");
        containers.awaitEnd(container);
        for (int round = 1; round <= rounds.rounds(); round++) {
            say("Capture, round " + round + ".");
            double docker = rounds.lines() / Containers.seconds("docker", "logs", container);
            figures.add(CAPTURE_DOCKER, docker);
            try (Product product = new Product(checkout)) {
                double spyhop = captureOnce(product, container);
                figures.add(CAPTURE, spyhop);
                figures.add(CAPTURE_RATIO, spyhop / docker);
                figures.add(CAPTURE_PSS, product.memory().pssMb());
            }
            figures.add(CAPTURE_DOCKER_T, rounds.lines() / Containers.seconds("docker", "logs", "-t", container));
        }
        containers.remove(container);
    }

    /**
     * Lines a second between two looks: the first that shows any line, and the one that shows the last. What was readable at
     * the first look does not count, so that neither start nor discovery is measured, nor given away.
     */
    private double captureOnce(Product product, String container) throws IOException, InterruptedException {
        long start = product.launch();
        long firstAt = 0;
        long first = 0;
        Optional<String> workload = Optional.empty();
        while (System.nanoTime() - start < CAPTURE_TIMEOUT_NANOS) {
            if (workload.isEmpty()) {
                workload = product.workload(container);
            } else {
                Optional<JsonNode> newest = product.newest(workload.get());
                long now = System.nanoTime();
                if (newest.isPresent()) {
                    long number = newest.get().path("lineNo").asLong();
                    if (firstAt == 0) {
                        firstAt = now;
                        first = number;
                    }
                    // The first line is Spyhop's own "worker started"; more of its own may follow the last.
                    if (number >= rounds.lines() + 1L) {
                        figures.add(CAPTURE_TOTAL, (now - start) / NANOS);
                        return (rounds.lines() - first) / ((now - firstAt) / NANOS);
                    }
                }
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        throw new IOException("the last line did not become readable");
    }

    /** A container writes about a thousand lines a second; Spyhop's live stream and docker's are read in turns. */
    private void latency(Containers containers) throws IOException, InterruptedException {
        try (Product product = new Product(checkout)) {
            product.start();
            // Ten lines a tick; a tick is the sleep and about a millisecond for starting it.
            String container = containers.start("latency", """
                    l='10.0.0.1 - - GET /api/v1/orders/0000001?page=1 HTTP/1.1 200 512 curl/8 rt=0.001 padding'
                    while :; do
                      for i in 0 1 2 3 4 5 6 7 8 9; do echo "$i $l"; done
                      usleep 9000
                    done""");
            String workload = awaitWorkload(product, container);
            for (int round = 1; round <= rounds.rounds(); round++) {
                say("Latency, round " + round + ".");
                Latencies spyhop = readLive(product.follow(workload), LogsBenchmark::atOfEvent);
                Process docker = new ProcessBuilder("docker", "logs", "-f", "-t", "--tail", "0", container)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                Latencies logs = readLive(docker.getInputStream(), LogsBenchmark::atOfDockerRow);
                docker.destroy();
                figures.add(LATENCY_RATE, logs.perSecond());
                figures.add(LATENCY_P50, spyhop.p50());
                figures.add(LATENCY_P99, spyhop.p99());
                figures.add(LATENCY_DOCKER_P50, logs.p50());
                figures.add(LATENCY_DOCKER_P99, logs.p99());
            }
            Memory after = product.memory();
            figures.add(RUN_PSS, after.pssMb());
            figures.add(RUN_RSS, after.rssMb());
            containers.remove(container);
        }
    }

    private String awaitWorkload(Product product, String container) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < CAPTURE_TIMEOUT_NANOS) {
            Optional<String> workload = product.workload(container);
            if (workload.isPresent()) {
                return workload.get();
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        throw new IOException("the container did not become a workload");
    }

    /** The engine's time of a row; empty for a row that is no line. */
    private interface RowTime {
        Optional<Instant> of(String row);
    }

    private record Latencies(double p50, double p99, double perSecond) {}

    /**
     * Reads rows for one round; the delay of a row is the time that it was read at minus the time that the engine gave it. Both
     * come from this machine's clock, and both streams are read by this same loop. The first second is left out.
     */
    private Latencies readLive(InputStream in, RowTime time) throws IOException {
        List<Double> delays = new ArrayList<>();
        long start = System.nanoTime();
        long counted = 0;
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            while (System.nanoTime() - start < rounds.latency().plusSeconds(1).toNanos()) {
                String row = reader.readLine();
                Instant now = Instant.now();
                if (row == null) {
                    throw new IOException("the stream ended");
                }
                if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(1)) {
                    Optional<Instant> at = time.of(row);
                    if (at.isPresent()) {
                        delays.add(Duration.between(at.get(), now).toNanos() * MILLIS_A_NANO);
                        counted++;
                    }
                }
            }
        }
        double[] millis = delays.stream().mapToDouble(Double::doubleValue).toArray();
        return new Latencies(
                Figures.quantile(millis, 0.5),
                Figures.quantile(millis, 0.99),
                counted / (double) rounds.latency().toSeconds());
    }

    private static Optional<Instant> atOfEvent(String row) {
        int at = row.startsWith("data:") ? row.indexOf("\"at\":\"") : -1;
        return at < 0 ? Optional.empty() : Optional.of(Instant.parse(row.substring(at + 6, row.indexOf('"', at + 6))));
    }

    private static Optional<Instant> atOfDockerRow(String row) {
        int end = row.indexOf(' ');
        return end < 0 ? Optional.empty() : Optional.of(Instant.parse(row.substring(0, end)));
    }

    private static void pause(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    private String surroundings() throws IOException, InterruptedException {
        return "%d processors, Linux %s, engine %s, Java %s; %,d lines of about 100 bytes%n%n"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.version"),
                        Containers.output("docker", "version", "--format", "{{.Server.Version}}"),
                        Runtime.version(),
                        rounds.lines());
    }

    @SuppressWarnings("SystemOut")
    private static void say(String text) {
        System.err.println(text);
    }
}
