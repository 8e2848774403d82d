package io.spyhop.benchmarks;

import io.spyhop.benchmarks.Figures.Figure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What it costs to sample fifty containers every second, and every thirty seconds: three Spyhops watch the same containers side
 * by side, of which one samples so seldom that it publishes nothing. What another uses more than that one, in the same time, is
 * what its publishing and storing takes, broker and database included.
 */
final class SamplingPart implements Bench.Part {
    private static final int CONTAINERS = 50;
    private static final Duration WARM_UP = Duration.ofMinutes(2);

    /** A thread of the product. */
    private static final String SAMPLER = "metrics-sampler";

    private static final String NAME = "sampling 50 containers ";
    private static final String UNIT = "% of a core";
    private static final Figure RECORDER = new Figure(NAME + "for the flight recorder alone: the thread", UNIT, 3, "");
    private static final Figure THREAD = new Figure(NAME + "every second: the thread", UNIT, 3, "");
    private static final Figure SECOND =
            new Figure(NAME + "every second: thread, publishing and storing", UNIT, 2, "< 1");
    private static final Figure DEFAULT = new Figure(NAME + "every 30 s: thread, publishing and storing", UNIT, 2, "");
    private static final Figure REST = new Figure(NAME + "not at all: all else that Spyhop does", UNIT, 2, "");

    /** What was used at some time, in seconds. */
    private record Used(Cpu all, double sampler) {
        static Used by(Product product) throws IOException {
            List<ProcessHandle> processes = product.processes();
            return new Used(Cpu.of(processes), Bench.seconds(Cpu.nanos(processes, SAMPLER)));
        }
    }

    /** What was used in some time, in seconds. */
    private record Cost(double all, double sampler) {
        static Cost since(Used before, Product product) throws IOException {
            Used now = Used.by(product);
            return new Cost(now.all().secondsSince(before.all()), now.sampler() - before.sampler());
        }

        /** Of one that samples, against one that does not: its thread, and what the others do more. */
        double inAll(Cost without) {
            return all - without.all() + without.sampler();
        }
    }

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        Bench.say("Starting " + CONTAINERS + " quiet containers.");
        List<String> containers = new ArrayList<>();
        for (int i = 0; i < CONTAINERS; i++) {
            containers.add(bench.containers().start("sample-" + i, "exec sleep 100000", "bridge"));
        }
        try (Product never = sampling(bench, "1h");
                Product seldom = sampling(bench, "30s");
                Product often = sampling(bench, "1s")) {
            List<Product> products = List.of(never, seldom, often);
            for (Product product : products) {
                product.start();
            }
            Bench.rest(WARM_UP);
            for (int round = 1; round <= bench.rounds().rounds(); round++) {
                Bench.say("Sampling, round " + round + ".");
                long start = System.nanoTime();
                List<Used> before = new ArrayList<>();
                for (Product product : products) {
                    before.add(Used.by(product));
                }
                Bench.rest(bench.rounds().idle());
                double seconds = Bench.seconds(System.nanoTime() - start);
                List<Cost> costs = new ArrayList<>();
                for (int i = 0; i < products.size(); i++) {
                    costs.add(Cost.since(before.get(i), products.get(i)));
                }
                tell(bench.figures(), costs, 100 / seconds);
            }
        }
        bench.containers().remove(containers);
    }

    private static Product sampling(Bench bench, String interval) throws IOException {
        return new Product(bench.checkout(), Map.of("SPYHOP_METRICS_INTERVAL", interval));
    }

    private static void tell(Figures figures, List<Cost> costs, double percent) {
        Cost never = costs.get(0);
        Cost seldom = costs.get(1);
        Cost often = costs.get(2);
        figures.add(RECORDER, percent * never.sampler());
        figures.add(THREAD, percent * often.sampler());
        figures.add(SECOND, percent * often.inAll(never));
        figures.add(DEFAULT, percent * seldom.inAll(never));
        figures.add(REST, percent * (never.all() - never.sampler()));
    }
}
