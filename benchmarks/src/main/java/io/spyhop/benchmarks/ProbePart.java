package io.spyhop.benchmarks;

import io.spyhop.benchmarks.Figures.Figure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a thousand health requests a minute cost, from inside the containers' network namespaces, with all that is stored of them,
 * against the same request by a command in the container.
 */
final class ProbePart implements Bench.Part {
    /** Asked each second they get a thousand requests a minute. */
    private static final int CONTAINERS = 17;

    private static final int EXECS = 50;
    private static final int PERCENT = 100;
    private static final int MILLIS = 1000;

    /** What a start costs, and the compilers after it, is more than probes do. */
    private static final Duration WARM_UP = Duration.ofMinutes(2);

    private static final String SERVE =
            "mkdir -p /www && echo well > /www/health && exec httpd -f -p 127.0.0.1:8080 -h /www";

    private static final Figure ALL =
            new Figure("1020 probes a minute by namespace: CPU of Spyhop, database, broker", "% of a core", 2, "");
    static final Figure NAMESPACE = new Figure("a probe by namespace: CPU of all of these", "ms", 3, "");
    static final Figure EXEC =
            new Figure("the same request by exec: CPU of the engine, runc and the command", "ms", 1, "");
    private static final Figure TIMES = new Figure("exec's CPU against a probe's by namespace", "×", 0, "≥ 50");
    private static final Figure LATENCY = new Figure("a probe by namespace: latency as it is stored, p50", "ms", 2, "");

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        List<String> containers = new ArrayList<>();
        for (int i = 0; i < CONTAINERS; i++) {
            containers.add(bench.containers()
                    .start(
                            "probed-" + i,
                            SERVE,
                            "none",
                            "--label=spyhop.health.port=8080",
                            "--label=spyhop.health.interval=1s"));
        }
        try (Product product = new Product(bench.checkout())) {
            product.start();
            String workload = Bench.awaitWorkload(product, containers.getFirst());
            Bench.await("probes", () -> latency(product, workload));
            Bench.rest(WARM_UP);
            for (int round = 1; round <= bench.rounds().rounds(); round++) {
                Bench.say("Probes, round " + round + ".");
                docker("pause", containers);
                double before = cpuSeconds(bench, product);
                docker("unpause", containers);
                double asked = cpuSeconds(bench, product);
                docker("pause", containers);
                double quiet = (before + cpuSeconds(bench, product)) / 2;
                docker("unpause", containers);
                double seconds = Bench.seconds(bench.rounds().idle().toNanos());
                double probe = MILLIS * (asked - quiet) / (seconds * CONTAINERS);
                double exec = exec(containers.getFirst());
                Figures figures = bench.figures();
                figures.add(ALL, PERCENT * (asked - quiet) / seconds);
                figures.add(NAMESPACE, probe);
                figures.add(EXEC, exec);
                figures.add(TIMES, exec / probe);
                figures.add(LATENCY, Bench.await("probes", () -> latency(product, workload)));
            }
        }
        bench.containers().remove(containers);
    }

    /** What the product uses in a while. */
    private static double cpuSeconds(Bench bench, Product product) throws InterruptedException {
        Cpu before = Cpu.of(product.processes());
        Bench.rest(bench.rounds().idle());
        return Cpu.of(product.processes()).secondsSince(before);
    }

    /** What the engine and the command itself use; the client that asks for it is not counted. */
    private static double exec(String container) throws IOException, InterruptedException {
        Cpu before = Cpu.withChildren(Cpu.engine());
        for (int i = 0; i < EXECS; i++) {
            Containers.seconds(
                    "docker", "exec", container, "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/health");
        }
        return MILLIS * Cpu.withChildren(Cpu.engine()).secondsSince(before) / EXECS;
    }

    /** The median of the last probes. */
    private static Optional<Double> latency(Product product, String workload) throws IOException, InterruptedException {
        return product.json("/api/v1/workloads/" + workload + "/health")
                .map(health -> health.path("probes").findValuesAsText("latencyMs").stream()
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .filter(millis -> millis.length > 0)
                .map(millis -> Figures.quantile(millis, 0.5));
    }

    private static void docker(String what, List<String> containers) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker", what));
        command.addAll(containers);
        Containers.output(command.toArray(String[]::new));
    }
}
