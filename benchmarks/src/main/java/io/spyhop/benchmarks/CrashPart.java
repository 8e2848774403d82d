package io.spyhop.benchmarks;

import io.spyhop.benchmarks.Figures.Figure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A container's only process is killed over and over, and it is measured when the engine tells of it, when Spyhop's stream of events
 * does, and when a report can be read. All by this machine's clock.
 */
final class CrashPart implements Bench.Part {
    private static final int CRASHES = 50;

    private static final Figure ENGINE_P50 = new Figure("kill -9 to the engine's own event, p50", "ms", 1, "");
    static final Figure EVENT_P50 = new Figure("engine's event to Spyhop's on the SSE stream, p50", "ms", 1, "");
    private static final Figure EVENT_P99 =
            new Figure("engine's event to Spyhop's on the SSE stream, p99", "ms", 1, "≤ 100");
    static final Figure REPORT_P50 = new Figure("engine's event to the stored report, p50", "ms", 1, "");
    private static final Figure REPORT_P99 = new Figure("engine's event to the stored report, p99", "ms", 1, "");
    static final Figure COMPLETE_P50 = new Figure("engine's event to the last lines in the report, p50", "ms", 1, "");
    private static final Figure COMPLETE_P99 =
            new Figure("engine's event to the last lines in the report, p99", "ms", 1, "");

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        try (Product product = new Product(bench.checkout())) {
            product.start();
            String container = bench.containers().start("crash", "echo up; exec sleep 600");
            String workload = Bench.awaitWorkload(product, container);
            Process engine = new ProcessBuilder(
                            "docker",
                            "events",
                            "--filter",
                            "event=die",
                            "--filter",
                            "container=" + container,
                            "--format",
                            "{{.TimeNano}}")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (InputStream told = product.stream("/api/v1/events?type=crashed&workload=" + workload)) {
                Map<Integer, Long> engineAt = new ConcurrentHashMap<>();
                Map<Integer, Long> toldAt = new ConcurrentHashMap<>();
                count(engine.getInputStream(), row -> Optional.of(Long.parseLong(row)), engineAt);
                count(told, row -> row.startsWith("data: ") ? Optional.of(now()) : Optional.empty(), toldAt);
                for (int round = 0; round < bench.rounds().rounds(); round++) {
                    round(bench, product, new Target(container, workload, round * CRASHES), engineAt, toldAt);
                }
            } finally {
                engine.destroy();
            }
            bench.containers().remove(container);
        }
    }

    private record Target(String container, String workload, int crashesBefore) {}

    private static void round(
            Bench bench, Product product, Target target, Map<Integer, Long> engineAt, Map<Integer, Long> toldAt)
            throws IOException, InterruptedException {
        Bench.say("Crashes, from number " + (target.crashesBefore() + 1) + " on.");
        double[] engine = new double[CRASHES];
        double[] event = new double[CRASHES];
        double[] report = new double[CRASHES];
        double[] complete = new double[CRASHES];
        for (int i = 0; i < CRASHES; i++) {
            int n = target.crashesBefore() + i + 1;
            Containers.output("docker", "start", target.container());
            long pid = Long.parseLong(
                    Containers.output("docker", "inspect", "--format", "{{.State.Pid}}", target.container()));
            // The shell becomes its last command, and Spyhop follows the life.
            Bench.rest(Duration.ofMillis(300));
            long killed = now();
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            String path = "/api/v1/workloads/" + target.workload() + "/crashes/" + n;
            Bench.awaitQuickly("report " + n, () -> product.status(path) == 200 ? Optional.of(true) : Optional.empty());
            long reported = now();
            Bench.awaitQuickly(
                    "lines of " + n,
                    () -> product.json(path)
                            .filter(found -> found.path("complete").asBoolean()));
            long completed = now();
            long ended = Bench.await("the engine's event " + n, () -> Optional.ofNullable(engineAt.get(n)));
            long told = Bench.await("the event " + n, () -> Optional.ofNullable(toldAt.get(n)));
            engine[i] = (ended - killed) / 1e6;
            event[i] = (told - ended) / 1e6;
            report[i] = (reported - ended) / 1e6;
            complete[i] = (completed - ended) / 1e6;
        }
        Figures figures = bench.figures();
        figures.add(ENGINE_P50, Figures.quantile(engine, 0.5));
        figures.add(EVENT_P50, Figures.quantile(event, 0.5));
        figures.add(EVENT_P99, Figures.quantile(event, 0.99));
        figures.add(REPORT_P50, Figures.quantile(report, 0.5));
        figures.add(REPORT_P99, Figures.quantile(report, 0.99));
        figures.add(COMPLETE_P50, Figures.quantile(complete, 0.5));
        figures.add(COMPLETE_P99, Figures.quantile(complete, 0.99));
    }

    private interface RowTime {
        Optional<Long> of(String row);
    }

    /** Reads rows on a thread of its own, until the stream ends, and keeps the time of the first, the second, and so on. */
    private static void count(InputStream in, RowTime time, Map<Integer, Long> at) {
        Thread.ofVirtual().start(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                int count = 0;
                for (String row = reader.readLine(); row != null; row = reader.readLine()) {
                    Optional<Long> of = time.of(row);
                    if (of.isPresent()) {
                        at.put(++count, of.get());
                    }
                }
            } catch (IOException e) {
                // Closed at the end; who waits for what is missing says so.
            }
        });
    }

    /** Nanoseconds since the epoch. */
    private static long now() {
        return ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now());
    }
}
