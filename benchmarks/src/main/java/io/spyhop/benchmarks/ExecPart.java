package io.spyhop.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.benchmarks.Figures.Figure;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The same command is run inside a container over and over, in turns: by a job of mode exec, and by {@code docker exec}. All by this
 * machine's clock; the jobs are asked for over HTTP, one after the other.
 */
final class ExecPart implements Bench.Part {
    private static final int RUNS = 50;

    static final Figure DOCKER_P50 = new Figure("docker exec to its first output, p50", "ms", 1, "");
    private static final Figure DOCKER_P99 = new Figure("docker exec to its first output, p99", "ms", 1, "");
    static final Figure RUNNING_P50 = new Figure("trigger of an exec to running, p50", "ms", 1, "");
    private static final Figure RUNNING_P99 = new Figure("trigger of an exec to running, p99", "ms", 1, "");
    static final Figure OUTPUT_P50 = new Figure("trigger of an exec to its first output, p50", "ms", 1, "");
    private static final Figure OUTPUT_P99 = new Figure("trigger of an exec to its first output, p99", "ms", 1, "");

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        try (Product product = new Product(bench.checkout())) {
            product.start();
            String container = bench.containers().start("exec", "exec sleep 3600");
            String jobs = "/api/v1/workloads/" + Bench.awaitWorkload(product, container) + "/jobs";
            product.post(jobs, "{\"id\":\"echo\",\"mode\":\"exec\",\"command\":[\"echo\",\"well\"]}");
            Bench.await("an instance that runs", () -> ran(product, jobs + "/echo"));
            for (int round = 0; round < bench.rounds().rounds(); round++) {
                Bench.say("Commands inside a container, round " + (round + 1) + ".");
                round(bench, product, container, jobs + "/echo");
            }
            bench.containers().remove(container);
        }
    }

    private static Optional<JsonNode> ran(Product product, String job) throws InterruptedException {
        try {
            return Optional.of(product.post(job + "/run", "{}"));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void round(Bench bench, Product product, String container, String job)
            throws IOException, InterruptedException {
        double[] docker = new double[RUNS];
        double[] running = new double[RUNS];
        double[] output = new double[RUNS];
        for (int i = 0; i < RUNS; i++) {
            docker[i] = docker(container);
            Instant asked = Instant.now();
            String run =
                    job + "/runs/" + product.post(job + "/run", "{}").path("id").asText();
            JsonNode ended =
                    Bench.await("the end of a run", () -> product.json(run).filter(found -> found.has("completedAt")));
            JsonNode line = Bench.await(
                    "its output",
                    () -> product.json(run + "/logs?tail=1")
                            .map(page -> page.path("items").path(0))
                            .filter(found -> found.has("at")));
            running[i] = millis(asked, ended.path("startedAt"));
            output[i] = millis(asked, line.path("at"));
        }
        Figures figures = bench.figures();
        figures.add(DOCKER_P50, Figures.quantile(docker, 0.5));
        figures.add(DOCKER_P99, Figures.quantile(docker, 0.99));
        figures.add(RUNNING_P50, Figures.quantile(running, 0.5));
        figures.add(RUNNING_P99, Figures.quantile(running, 0.99));
        figures.add(OUTPUT_P50, Figures.quantile(output, 0.5));
        figures.add(OUTPUT_P99, Figures.quantile(output, 0.99));
    }

    private static double docker(String container) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = new ProcessBuilder("docker", "exec", container, "echo", "well")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream out = process.getInputStream()) {
            if (out.read() < 0) {
                throw new IOException("docker exec wrote nothing");
            }
            double millis = (System.nanoTime() - start) / 1e6;
            process.waitFor();
            return millis;
        }
    }

    private static double millis(Instant from, JsonNode to) {
        return Duration.between(from, Instant.parse(to.asText())).toNanos() / 1e6;
    }
}
