package io.spyhop.benchmarks;

import io.spyhop.benchmarks.Figures.Figure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** From the request for a run to the first word that it says, against the engine's own commands, in turns. */
final class TriggerPart implements Bench.Part {
    private static final int RUNS = 30;
    private static final String WORD = "ready";

    /** What one leaves behind is cleaned up before the next one begins: {@code docker run --rm} waits for that too. */
    private static final Duration REST = Duration.ofMillis(300);

    static final Figure RUN_P50 = new Figure("request to first output, mode run, p50", "ms", 0, "");
    static final Figure DOCKER_RUN_P50 = new Figure("docker run to first output, p50", "ms", 0, "");
    private static final Figure OVER_RUN = new Figure("mode run over docker run, p50", "ms", 0, "≤ 150");
    private static final Figure RUN_P99 = new Figure("request to first output, mode run, p99", "ms", 0, "");
    static final Figure EXEC_P50 = new Figure("request to first output, mode exec, p50", "ms", 0, "");
    static final Figure DOCKER_EXEC_P50 = new Figure("docker exec to first output, p50", "ms", 0, "");
    private static final Figure OVER_EXEC = new Figure("mode exec over docker exec, p50", "ms", 0, "");

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        try (Product product = new Product(bench.checkout())) {
            product.start();
            String service = bench.containers().start("jobs", "exec sleep 6000");
            String address = "/api/v1/workloads/" + Bench.awaitWorkload(product, service) + "/jobs";
            String run = job(product, address, "run");
            String exec = job(product, address, "exec");
            for (int round = 0; round < bench.rounds().rounds(); round++) {
                Bench.say("Triggers.");
                double[] runs = new double[RUNS];
                double[] dockerRuns = new double[RUNS];
                double[] execs = new double[RUNS];
                double[] dockerExecs = new double[RUNS];
                for (int i = 0; i < RUNS; i++) {
                    runs[i] = asked(product, run);
                    dockerRuns[i] =
                            docker("run", "--rm", "--network", "none", Containers.IMAGE, "sh", "-c", "echo " + WORD);
                    execs[i] = asked(product, exec);
                    dockerExecs[i] = docker("exec", service, "sh", "-c", "echo " + WORD);
                }
                Figures figures = bench.figures();
                figures.add(RUN_P50, Figures.quantile(runs, 0.5));
                figures.add(DOCKER_RUN_P50, Figures.quantile(dockerRuns, 0.5));
                figures.add(OVER_RUN, Figures.quantile(runs, 0.5) - Figures.quantile(dockerRuns, 0.5));
                figures.add(RUN_P99, Figures.quantile(runs, 0.99));
                figures.add(EXEC_P50, Figures.quantile(execs, 0.5));
                figures.add(DOCKER_EXEC_P50, Figures.quantile(dockerExecs, 0.5));
                figures.add(OVER_EXEC, Figures.quantile(execs, 0.5) - Figures.quantile(dockerExecs, 0.5));
            }
            bench.containers().remove(service);
        }
    }

    /** Creates a job and gives its address. */
    static String job(Product product, String address, String mode) throws IOException, InterruptedException {
        return address + "/"
                + product.post(
                                address,
                                "{\"name\":\"Say %s\",\"mode\":\"%s\",\"command\":\"echo %s\"}"
                                        .formatted(mode, mode, WORD))
                        .path("id")
                        .asText();
    }

    private static double asked(Product product, String job) throws IOException, InterruptedException {
        Bench.rest(REST);
        long start = System.nanoTime();
        String run = product.post(job + "/run", "{}").path("id").asText();
        try (InputStream lines = product.stream(job + "/runs/" + run + "/logs/stream?since=0")) {
            return awaitWord(lines, start);
        }
    }

    private static double docker(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "docker";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Bench.rest(REST);
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream output = process.getInputStream()) {
            return awaitWord(output, start);
        } finally {
            process.onExit().join();
        }
    }

    private static double awaitWord(InputStream in, long start) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String row = reader.readLine(); row != null; row = reader.readLine()) {
            if (row.contains(WORD)) {
                return (System.nanoTime() - start) / 1e6;
            }
        }
        throw new IOException("the word was not said");
    }
}
