package io.spyhop.benchmarks;

import io.spyhop.benchmarks.Figures.Figure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a Spyhop costs that samples fifty containers every second, and one that does every thirty seconds: of the thread that
 * samples, and of all that publishing and storing takes, broker and database included.
 */
final class SamplingPart implements Bench.Part {
    private static final int CONTAINERS = 50;

    /** A thread of the product. */
    private static final String SAMPLER = "metrics-sampler";

    private static final String SETTING = "SPYHOP_METRICS_INTERVAL";

    /** So seldom that nothing is published meanwhile; the flight recorder reads all the same. */
    private static final String NEVER = "1h";

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        Bench.say("Starting " + CONTAINERS + " quiet containers.");
        List<String> containers = new ArrayList<>();
        for (int i = 0; i < CONTAINERS; i++) {
            containers.add(bench.containers().start("sample-" + i, "exec sleep 100000", "bridge"));
        }
        run(bench, NEVER, "not at all, but for the flight recorder");
        run(bench, "30s", "every 30 s");
        run(bench, "1s", "every second");
        bench.containers().remove(containers);
    }

    private static void run(Bench bench, String interval, String how) throws IOException, InterruptedException {
        String name = "sampling 50 containers " + how + ": ";
        boolean often = interval.equals("1s");
        Figure sampler = new Figure(name + "the sampler's thread", "% of a core", 3, often ? "< 1" : "");
        Figure all = new Figure(name + "all of Spyhop, with broker and database", "% of a core", 2, "");
        try (Product product = new Product(bench.checkout(), Map.of(SETTING, interval))) {
            product.start();
            // Compilers and the first looks at everything end.
            Bench.rest(bench.rounds().idle());
            for (int round = 1; round <= bench.rounds().rounds(); round++) {
                Bench.say("Sampling " + how + ", round " + round + ".");
                List<ProcessHandle> processes = product.processes();
                long samplerBefore = Cpu.nanos(processes, SAMPLER);
                long before = Cpu.nanos(processes, "");
                long start = System.nanoTime();
                Bench.rest(bench.rounds().idle());
                double nanos = System.nanoTime() - start;
                bench.figures().add(sampler, 100 * (Cpu.nanos(processes, SAMPLER) - samplerBefore) / nanos);
                bench.figures().add(all, 100 * (Cpu.nanos(processes, "") - before) / nanos);
            }
        }
    }
}
