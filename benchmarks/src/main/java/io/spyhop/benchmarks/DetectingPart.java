package io.spyhop.benchmarks;

import io.spyhop.benchmarks.Figures.Figure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a Spyhop costs that looks for the ports of fifty quiet containers, of the thread that does. */
final class DetectingPart implements Bench.Part {
    private static final int CONTAINERS = 50;

    /** A thread of the product. */
    private static final String DETECTOR = "ports-detector";

    private static final String SETTING = "SPYHOP_PORTS_LOCAL_INTERVAL";

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        Bench.say("Starting " + CONTAINERS + " quiet containers that listen.");
        List<String> containers = new ArrayList<>();
        for (int i = 0; i < CONTAINERS; i++) {
            containers.add(bench.containers().start("listen-" + i, "exec httpd -f -p 127.0.0.1:8080", "bridge"));
        }
        run(bench, "10s", "");
        run(bench, "2s", "< 0.3");
        bench.containers().remove(containers);
    }

    private static void run(Bench bench, String interval, String goal) throws IOException, InterruptedException {
        Figure detector = new Figure(
                "detecting ports of 50 containers every " + interval + ": the detector's thread",
                "% of a core",
                3,
                goal);
        try (Product product = new Product(bench.checkout(), Map.of(SETTING, interval))) {
            product.start();
            // Compilers and the first looks at everything end.
            Bench.rest(bench.rounds().idle());
            for (int round = 1; round <= bench.rounds().rounds(); round++) {
                Bench.say("Detecting every " + interval + ", round " + round + ".");
                List<ProcessHandle> processes = product.processes();
                long before = Cpu.nanos(processes, DETECTOR);
                long start = System.nanoTime();
                Bench.rest(bench.rounds().idle());
                double nanos = System.nanoTime() - start;
                bench.figures().add(detector, 100 * (Cpu.nanos(processes, DETECTOR) - before) / nanos);
            }
        }
    }
}
