package io.spyhop.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.benchmarks.Figures.Figure;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One run that writes a gigabyte: how soon all of it is kept, and what memory that takes. */
final class OutputPart implements Bench.Part {
    private static final int LINE_BYTES = 100;

    /** Times the lines that a round is asked to have: ten million of them. */
    private static final int TIMES = 5;

    private static final double BYTES_A_MB = 1e6;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final Figure OVER = new Figure("run that writes 1 GB: request to its end", "s", 1, "");
    private static final Figure CAPTURED =
            new Figure("run that writes 1 GB: request to all of it stored, its container removed", "s", 1, "");
    private static final Figure RATE = new Figure("run that writes 1 GB: stored", "MB/s", 1, "");
    private static final Figure PSS_BEFORE = new Figure("memory before, all processes (PSS)", "MiB", 0, "");
    private static final Figure PSS_PEAK = new Figure("memory meanwhile, at most, all processes (PSS)", "MiB", 0, "");
    private static final Figure PSS_AFTER = new Figure("memory half a minute after, all processes (PSS)", "MiB", 0, "");
    private static final Figure RSS_BEFORE = new Figure("memory before, the Java process (RSS)", "MiB", 0, "");
    private static final Figure RSS_PEAK =
            new Figure("memory meanwhile, at most, the Java process (RSS)", "MiB", 0, "");

    /** The most of what was seen, four times a second. */
    private static final class Peak {
        private final Product product;
        private double rssMb;
        private double pssMb;
        private long lookedAt = System.nanoTime() - LOOK_NANOS;

        Peak(Product product) {
            this.product = product;
        }

        void look() throws IOException {
            if (System.nanoTime() - lookedAt >= LOOK_NANOS) {
                Memory now = product.memory();
                rssMb = Math.max(rssMb, now.rssMb());
                pssMb = Math.max(pssMb, now.pssMb());
                lookedAt = System.nanoTime();
            }
        }
    }

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        String service = bench.containers().start("output", "exec sleep 60000");
        for (int round = 1; round <= bench.rounds().rounds(); round++) {
            Bench.say("A gigabyte of output, round " + round + ".");
            try (Product product = new Product(bench.checkout())) {
                product.start();
                measure(bench, product, service);
            }
        }
        bench.containers().remove(service);
    }

    private static void measure(Bench bench, Product product, String service) throws IOException, InterruptedException {
        long lines = (long) TIMES * bench.rounds().lines();
        String address = "/api/v1/workloads/" + Bench.awaitWorkload(product, service) + "/jobs";
        String job = address + "/"
                + product.post(
                                address,
                                "{\"name\":\"Write\",\"command\":\"awk 'BEGIN { for (i = 1; i <= %d; i++) printf \\\"%%0%dd\\\\n\\\", i }'\"}"
                                        .formatted(lines, LINE_BYTES - 1))
                        .path("id")
                        .asText();
        Bench.rest(bench.rounds().idle());
        Memory before = product.memory();
        Peak peak = new Peak(product);
        long start = System.nanoTime();
        String run = product.post(job + "/run", "{}").path("id").asText();
        JsonNode ended = Bench.await("the end of the run", () -> {
            peak.look();
            return product.json(job + "/runs/" + run).filter(node -> node.has("completedAt"));
        });
        double over = Bench.seconds(System.nanoTime() - start);
        if (!ended.path("status").asText().equals("succeeded")) {
            throw new IOException("the run is " + ended);
        }
        Bench.await("the removal of its container", () -> {
            peak.look();
            return Containers.output("docker", "ps", "-aq", "--filter", "label=spyhop.run=" + run)
                            .isEmpty()
                    ? Optional.of(true)
                    : Optional.empty();
        });
        double captured = Bench.seconds(System.nanoTime() - start);
        long stored =
                product.newest(run).map(line -> line.path("lineNo").asLong()).orElse(0L);
        if (stored < lines) {
            throw new IOException("%d lines are stored of %d".formatted(stored, lines));
        }
        Bench.rest(Duration.ofSeconds(30));
        Figures figures = bench.figures();
        figures.add(OVER, over);
        figures.add(CAPTURED, captured);
        figures.add(RATE, lines * LINE_BYTES / BYTES_A_MB / captured);
        figures.add(PSS_BEFORE, before.pssMb());
        figures.add(PSS_PEAK, peak.pssMb);
        figures.add(PSS_AFTER, product.memory().pssMb());
        figures.add(RSS_BEFORE, before.rssMb());
        figures.add(RSS_PEAK, peak.rssMb);
    }
}
