package io.spyhop.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.benchmarks.Figures.Figure;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A container that has ended is read by docker and by Spyhops that never saw it, by file and by API, in turns. */
final class CapturePart implements Bench.Part {
    static final Figure FILE = new Figure("capture by file: Spyhop", "lines/s", 0, "≥ 300,000");
    static final Figure API = new Figure("capture by API: Spyhop", "lines/s", 0, "");
    static final Figure DOCKER = new Figure("capture: docker logs > /dev/null", "lines/s", 0, "");
    static final Figure DOCKER_T = new Figure("capture: docker logs -t > /dev/null", "lines/s", 0, "");
    private static final Figure FILE_RATIO =
            new Figure("capture by file / docker logs, of the same round", "ratio", 2, "≥ 2");
    private static final Figure API_RATIO =
            new Figure("capture by API / docker logs, of the same round", "ratio", 2, "≥ 0.8");
    private static final Figure TOTAL =
            new Figure("capture by file: from the start of an empty one to the last line readable", "s", 1, "");
    private static final Figure PSS = new Figure("memory after that capture, all processes (PSS)", "MiB", 0, "");

    private static final Duration POLL = Duration.ofMillis(100);
    private static final long TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(10);

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        int lines = bench.rounds().lines();
        Bench.say("Writing " + lines + " lines.");
        String container = bench.containers()
                .start(
                        "capture",
                        "awk 'BEGIN { for (i = 1; i <= " + lines + "; i++) printf " + Bench.ACCESS_LINE + " }'");
        bench.containers().awaitEnd(container);
        for (int round = 1; round <= bench.rounds().rounds(); round++) {
            Bench.say("Capture, round " + round + ".");
            double docker = lines / Containers.seconds("docker", "logs", container);
            bench.figures().add(DOCKER, docker);
            try (Product product = new Product(bench.checkout())) {
                long start = product.launch();
                double rate = capture(product, container, lines);
                bench.figures().add(TOTAL, Bench.seconds(System.nanoTime() - start));
                bench.figures().add(FILE, rate);
                bench.figures().add(FILE_RATIO, rate / docker);
                bench.figures().add(PSS, product.memory().pssMb());
            }
            bench.figures().add(DOCKER_T, lines / Containers.seconds("docker", "logs", "-t", container));
            try (Product product = new Product(bench.checkout(), Product.BY_API)) {
                product.launch();
                double rate = capture(product, container, lines);
                bench.figures().add(API, rate);
                bench.figures().add(API_RATIO, rate / docker);
            }
        }
        bench.containers().remove(container);
    }

    /**
     * Lines a second between two looks: the first that shows any line, and the one that shows the last. What was readable at
     * the first look does not count, so that neither start nor discovery is measured, nor given away.
     */
    private static double capture(Product product, String container, int lines)
            throws IOException, InterruptedException {
        String workload = Bench.awaitWorkload(product, container);
        long firstAt = 0;
        long first = 0;
        long until = System.nanoTime() + TIMEOUT_NANOS;
        while (System.nanoTime() < until) {
            Optional<JsonNode> newest = product.newest(workload);
            long now = System.nanoTime();
            if (newest.isPresent()) {
                long number = newest.get().path("lineNo").asLong();
                if (firstAt == 0) {
                    firstAt = now;
                    first = number;
                }
                // The first line is Spyhop's own "worker started"; more of its own may follow the last.
                if (number >= lines + 1L) {
                    return (lines - first) / Bench.seconds(now - firstAt);
                }
            }
            Bench.rest(POLL);
        }
        throw new IOException("the last line did not become readable");
    }
}
