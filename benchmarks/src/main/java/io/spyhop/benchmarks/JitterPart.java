package io.spyhop.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.benchmarks.Figures.Figure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How late schedules are, where a thousand are due in the same instant. */
final class JitterPart implements Bench.Part {
    private static final int SERVICES = 5;
    private static final int JOBS_OF_EACH = 200;

    /** Due at ten times, so that the engine makes what was due before the next are. */
    private static final int GROUPS = 10;

    private static final Figure P50 =
            new Figure("due to running, a hundred of a thousand schedules each minute, p50", "ms", 0, "");
    private static final Figure P99 =
            new Figure("due to running, a hundred of a thousand schedules each minute, p99", "ms", 0, "≤ 250");

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        try (Product product = new Product(bench.checkout())) {
            product.start();
            List<String> services = new ArrayList<>();
            List<String> addresses = new ArrayList<>();
            for (int i = 0; i < SERVICES; i++) {
                String service = bench.containers().start("jitter-" + i, "exec sleep 6000");
                services.add(service);
                addresses.add("/api/v1/workloads/" + Bench.awaitWorkload(product, service) + "/jobs");
            }
            Bench.say("A thousand schedules.");
            Instant first = Instant.now().plus(Duration.ofMinutes(3)).truncatedTo(ChronoUnit.MINUTES);
            for (String address : addresses) {
                for (int i = 0; i < JOBS_OF_EACH; i++) {
                    int minute = (first.atZone(ZoneOffset.UTC).getMinute() + i % GROUPS) % 60;
                    product.post(
                            address,
                            "{\"name\":\"Due %d\",\"command\":\"true\",\"schedule\":\"%d * * * *\"}"
                                    .formatted(i, minute));
                }
            }
            int all = SERVICES * JOBS_OF_EACH;
            List<JsonNode> runs = Bench.await("all runs", () -> {
                List<JsonNode> ended = new ArrayList<>();
                for (String address : addresses) {
                    product.json(address.replace("/jobs", "/runs") + "?status=succeeded&limit=1000")
                            .ifPresent(page -> page.path("items").forEach(ended::add));
                }
                Bench.rest(Duration.ofSeconds(5));
                return ended.size() == all ? Optional.of(ended) : Optional.empty();
            });
            double[] late = runs.stream()
                    .mapToDouble(run -> Duration.between(
                                            Instant.parse(run.path("dueAt").asText()),
                                            Instant.parse(run.path("startedAt").asText()))
                                    .toNanos()
                            / 1e6)
                    .toArray();
            bench.figures().add(P50, Figures.quantile(late, 0.5));
            bench.figures().add(P99, Figures.quantile(late, 0.99));
            bench.containers().remove(services);
        }
    }
}
