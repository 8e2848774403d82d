package io.spyhop.benchmarks;

import io.spyhop.benchmarks.Figures.Figure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/** A container writes steadily; Spyhop's live stream and docker's are read in turns. */
final class LatencyPart implements Bench.Part {
    private static final Figure PSS = new Figure("memory after the latency runs, all processes (PSS)", "MiB", 0, "");
    private static final Figure RSS = new Figure("memory after the latency runs, the Java process (RSS)", "MiB", 0, "");

    private static final String LINE =
            "10.0.0.1 - - GET /api/v1/orders/0000001?page=1 HTTP/1.1 200 512 curl/8 rt=0.001 padding";

    /** A tick is the sleep and about a millisecond for starting it. */
    private static final String WRITER = "for i in $(seq %d); do echo \"$i " + LINE + "\"; done > /lines;"
            + " while :; do cat /lines; usleep 8500; done";

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        try (Product product = new Product(bench.checkout())) {
            product.start();
            rate(bench, product, "about 1 k lines/s", 10);
            rate(bench, product, "about 20 k lines/s", 200);
            Memory after = product.memory();
            bench.figures().add(PSS, after.pssMb());
            bench.figures().add(RSS, after.rssMb());
        }
    }

    private static void rate(Bench bench, Product product, String rate, int linesATick)
            throws IOException, InterruptedException {
        Figure written = new Figure("latency at " + rate + ": lines a second that were written", "lines/s", 0, "");
        Figure p50 = new Figure("latency at " + rate + ", p50: Spyhop, SSE", "ms", 2, "");
        Figure p50Docker = new Figure("latency at " + rate + ", p50: docker logs -f -t", "ms", 2, "");
        Figure p99 = new Figure("latency at " + rate + ", p99: Spyhop, SSE", "ms", 2, "docker's + 20");
        Figure p99Docker = new Figure("latency at " + rate + ", p99: docker logs -f -t", "ms", 2, "");
        String container = bench.containers().start("latency-" + linesATick, WRITER.formatted(linesATick));
        String workload = Bench.awaitWorkload(product, container);
        for (int round = 1; round <= bench.rounds().rounds(); round++) {
            Bench.say("Latency at " + rate + ", round " + round + ".");
            Delays spyhop = Delays.read(product.follow(workload), bench.rounds().latency(), LatencyPart::atOfEvent);
            Process docker = new ProcessBuilder("docker", "logs", "-f", "-t", "--tail", "0", container)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Delays logs = Delays.read(docker.getInputStream(), bench.rounds().latency(), LatencyPart::atOfDockerRow);
            docker.destroy();
            bench.figures().add(written, logs.perSecond());
            bench.figures().add(p50, spyhop.p50());
            bench.figures().add(p50Docker, logs.p50());
            bench.figures().add(p99, spyhop.p99());
            bench.figures().add(p99Docker, logs.p99());
        }
        bench.containers().remove(container);
    }

    /** The engine's time of a row; empty for a row that is no line. */
    private interface RowTime {
        Optional<Instant> of(String row);
    }

    private record Delays(double p50, double p99, double perSecond) {
        /**
         * Reads rows for one round; the delay of a row is the time that it was read at minus the time that the engine gave
         * it. Both come from this machine's clock, and both streams are read by this same loop. The first second is left out.
         */
        static Delays read(InputStream in, Duration time, RowTime of) throws IOException {
            DoubleStream.Builder millis = DoubleStream.builder();
            long counted = 0;
            long start = System.nanoTime();
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                while (System.nanoTime() - start < time.plusSeconds(1).toNanos()) {
                    String row = reader.readLine();
                    Instant now = Instant.now();
                    if (row == null) {
                        throw new IOException("the stream ended");
                    }
                    Optional<Instant> at = of.of(row);
                    if (at.isPresent() && System.nanoTime() - start > TimeUnit.SECONDS.toNanos(1)) {
                        millis.add(Duration.between(at.get(), now).toNanos() / 1e6);
                        counted++;
                    }
                }
            }
            double[] all = millis.build().toArray();
            return new Delays(
                    Figures.quantile(all, 0.5), Figures.quantile(all, 0.99), counted / (double) time.toSeconds());
        }
    }

    private static Optional<Instant> atOfEvent(String row) {
        int at = row.startsWith("data:") ? row.indexOf("\"at\":\"") : -1;
        return at < 0 ? Optional.empty() : Optional.of(Instant.parse(row.substring(at + 6, row.indexOf('"', at + 6))));
    }

    private static Optional<Instant> atOfDockerRow(String row) {
        int end = row.indexOf(' ');
        return end < 0 ? Optional.empty() : Optional.of(Instant.parse(row.substring(0, end)));
    }
}
