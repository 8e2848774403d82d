package io.spyhop.benchmarks;

import io.spyhop.benchmarks.Figures.Figure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What Spyhop and the engine cost while fifty containers say nothing. */
final class IdlePart implements Bench.Part {
    private static final Figure ALL = new Figure(
            "idle with 50 quiet containers: CPU of Spyhop, database, broker, engine", "% of a core", 2, "< 3");
    private static final Figure SPYHOP =
            new Figure("idle with 50 quiet containers: CPU without the engine", "% of a core", 2, "");
    private static final int CONTAINERS = 50;

    /**
     * What a start costs, and the compilers after it, is no part of being idle. They have less and less to do: methods that are
     * called ten times a second are worth compiling, to the JVM, after eight minutes.
     */
    private static final Duration WARM_UP = Duration.ofMinutes(15);

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        Bench.say("Starting " + CONTAINERS + " quiet containers.");
        List<String> containers = new ArrayList<>();
        for (int i = 0; i < CONTAINERS; i++) {
            containers.add(bench.containers().start("quiet-" + i, "echo ready; exec sleep 100000"));
        }
        try (Product product = new Product(bench.checkout())) {
            product.start();
            Bench.rest(WARM_UP);
            for (int round = 1; round <= bench.rounds().rounds(); round++) {
                Bench.say("Idle, round " + round + ".");
                Cpu spyhopBefore = Cpu.of(product.processes());
                Cpu engineBefore = Cpu.of(engine());
                long start = System.nanoTime();
                Bench.rest(bench.rounds().idle());
                double seconds = Bench.seconds(System.nanoTime() - start);
                double spyhop = Cpu.of(product.processes()).secondsSince(spyhopBefore);
                double engine = Cpu.of(engine()).secondsSince(engineBefore);
                bench.figures().add(ALL, 100 * (spyhop + engine) / seconds);
                bench.figures().add(SPYHOP, 100 * spyhop / seconds);
            }
        }
        for (String container : containers) {
            bench.containers().remove(container);
        }
    }

    private static List<ProcessHandle> engine() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .command()
                        .filter(command -> command.matches(".*/(dockerd|containerd)"))
                        .isPresent())
                .toList();
    }
}
