package io.spyhop.benchmarks;

import io.spyhop.benchmarks.Figures.Figure;
import java.io.IOException;

/** Starts in three situations, and the memory of a Spyhop that nobody asks anything. */
final class StartPart implements Bench.Part {
    private static final Figure COLD = new Figure("start to /readyz: empty data directory", "s", 2, "≤ 6");
    private static final Figure WARM = new Figure("start to /readyz: after a clean stop", "s", 2, "≤ 6");
    private static final Figure KILLED = new Figure("start to /readyz: after kill -9", "s", 2, "≤ 15");
    private static final Figure PSS = new Figure("memory idle, all processes (PSS)", "MiB", 0, "≤ 450");
    private static final Figure RSS = new Figure("memory idle, the Java process (RSS)", "MiB", 0, "");

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        for (int round = 1; round <= bench.rounds().rounds(); round++) {
            Bench.say("Starts, round " + round + ".");
            try (Product product = new Product(bench.checkout())) {
                bench.figures().add(COLD, product.start());
                product.stop();
                bench.figures().add(WARM, product.start());
                Bench.rest(bench.rounds().idle());
                Memory idle = product.memory();
                bench.figures().add(PSS, idle.pssMb());
                bench.figures().add(RSS, idle.rssMb());
                product.kill9();
                bench.figures().add(KILLED, product.start());
            }
        }
    }
}
