package io.spyhop.benchmarks;

import io.spyhop.benchmarks.Figures.Figure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many runs are asked for at once. */
final class BurstPart implements Bench.Part {
    private static final int RUNS = 200;
    private static final int REQUESTS_AT_ONCE = 16;
    private static final String SUCCEEDED = "?status=succeeded&limit=1000";

    private static final Figure OVER = new Figure("200 runs asked for at once, until the last is over", "s", 1, "");
    private static final Figure REMOVED =
            new Figure("200 runs asked for at once, until their containers are removed", "s", 1, "");

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        try (Product product = new Product(bench.checkout())) {
            product.start();
            String service = bench.containers().start("burst", "exec sleep 6000");
            String address = "/api/v1/workloads/" + Bench.awaitWorkload(product, service) + "/jobs";
            for (int round = 0; round < bench.rounds().rounds(); round++) {
                Bench.say("Two hundred runs at once.");
                String name = "Burst " + round;
                String job = address + "/"
                        + product.post(address, "{\"name\":\"%s\",\"command\":\"echo hello\"}".formatted(name))
                                .path("id")
                                .asText();
                long start = System.nanoTime();
                ask(product, job);
                Bench.await(
                        "the end of all",
                        () -> product.json(job + "/runs" + SUCCEEDED)
                                .filter(page -> page.path("items").size() == RUNS));
                bench.figures().add(OVER, Bench.seconds(System.nanoTime() - start));
                Bench.await(
                        "the removal of all",
                        () -> Containers.output("docker", "ps", "-aq", "--filter", "label=spyhop.name=" + name)
                                        .isEmpty()
                                ? Optional.of(true)
                                : Optional.empty());
                bench.figures().add(REMOVED, Bench.seconds(System.nanoTime() - start));
            }
            bench.containers().remove(service);
        }
    }

    private static void ask(Product product, String job) throws IOException, InterruptedException {
        List<Future<String>> asked = new ArrayList<>();
        try (ExecutorService requests = Executors.newFixedThreadPool(REQUESTS_AT_ONCE)) {
            for (int i = 0; i < RUNS; i++) {
                asked.add(requests.submit(
                        () -> product.post(job + "/run", "{}").path("id").asText()));
            }
            for (Future<String> each : asked) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }
}
