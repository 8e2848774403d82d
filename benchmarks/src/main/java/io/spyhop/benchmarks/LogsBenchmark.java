package io.spyhop.benchmarks;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Logs: how fast they are captured, how late they come, what they cost and how fast they are found; against docker and
 * other tools on the same lines, in turns. The README says what each figure means. Not thread-safe.
 */
final class LogsBenchmark {
    private static final Map<String, Bench.Part> PARTS = new LinkedHashMap<>();

    static {
        PARTS.put("start", new StartPart());
        PARTS.put("capture", new CapturePart());
        PARTS.put("live", new LivePart());
        PARTS.put("latency", new LatencyPart());
        PARTS.put("fan-out", new FanOutPart());
        PARTS.put("store", new StorePart());
        PARTS.put("idle", new IdlePart());
    }

    private final Bench bench;

    LogsBenchmark(Bench bench) {
        this.bench = bench;
    }

    /** The names of all parts. */
    static List<String> parts() {
        return List.copyOf(PARTS.keySet());
    }

    /** Measures these parts. */
    void run(List<String> parts) throws IOException, InterruptedException {
        Bench.say("Building and starting once, so that no build is measured.");
        try (Product product = new Product(bench.checkout())) {
            product.start();
        }
        for (Map.Entry<String, Bench.Part> part : PARTS.entrySet()) {
            if (parts.contains(part.getKey())) {
                part.getValue().measure(bench);
            }
        }
    }

    /** What was measured so far, and on what. */
    String table() throws IOException, InterruptedException {
        return surroundings() + bench.figures().table();
    }

    private String surroundings() throws IOException, InterruptedException {
        return "%d processors, Linux %s, engine %s, Java %s; %,d lines of about 100 bytes to capture, %,d to search%n%n"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.version"),
                        Containers.output("docker", "version", "--format", "{{.Server.Version}}"),
                        Runtime.version(),
                        bench.rounds().lines(),
                        bench.rounds().storeLines());
    }
}
