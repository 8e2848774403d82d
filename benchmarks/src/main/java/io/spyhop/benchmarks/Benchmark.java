package io.spyhop.benchmarks;

import io.spyhop.benchmarks.Figures.Figure;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Parts that are measured one after the other, and told in one table. Not thread-safe.
 *
 * @param name what it is asked for by
 * @param about what it measures, against what
 * @param parts in the order in which they are measured
 * @param bars the figures of its chart, in one unit
 */
record Benchmark(String name, String about, Map<String, Bench.Part> parts, List<Figure> bars) {
    /** Measures these parts. */
    void run(Bench bench, List<String> wanted) throws IOException, InterruptedException {
        Bench.say("Building and starting once, so that no build is measured.");
        try (Product product = new Product(bench.checkout())) {
            product.start();
        }
        for (Map.Entry<String, Bench.Part> part : parts.entrySet()) {
            if (wanted.contains(part.getKey())) {
                part.getValue().measure(bench);
            }
        }
    }

    /** What was measured so far, and on what. */
    String table(Bench bench) throws IOException, InterruptedException {
        return "%d processors, Linux %s, engine %s, Java %s%n%n"
                        .formatted(
                                Runtime.getRuntime().availableProcessors(),
                                System.getProperty("os.version"),
                                Containers.output("docker", "version", "--format", "{{.Server.Version}}"),
                                Runtime.version())
                + bench.figures().table();
    }
}
