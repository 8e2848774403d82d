package io.spyhop.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The entry point: the name of a benchmark, and of parts of it. */
public final class Main {
    private static final List<Benchmark> ALL = List.of(
            LogsBenchmark.of(), MetricsBenchmark.of(), HealthBenchmark.of(), PortsBenchmark.of(), JobsBenchmark.of());

    private Main() {}

    /** Runs one benchmark, or parts of it, and prints its table. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            ALL.forEach(benchmark -> System.out.println(usage(benchmark)));
            return;
        }
        Path checkout = Path.of("").toAbsolutePath();
        List<String> parts = List.of(arguments).subList(1, arguments.length);
        Optional<Benchmark> chosen = ALL.stream()
                .filter(benchmark -> benchmark.name().equals(arguments[0])
                        && benchmark.parts().keySet().containsAll(parts))
                .findFirst();
        if (chosen.isEmpty() || !Files.isExecutable(checkout.resolve("spyhop"))) {
            System.err.println("Usage, in the folder that ./spyhop lies in: bench <name> [part...]");
            ALL.forEach(benchmark -> System.err.println("  " + usage(benchmark)));
            System.exit(2);
        }
        Benchmark benchmark = chosen.orElseThrow();
        Figures figures = new Figures();
        try (Containers containers = new Containers()) {
            Bench bench = new Bench(checkout, Rounds.fromEnvironment(), figures, containers);
            try {
                benchmark.run(
                        bench, parts.isEmpty() ? List.copyOf(benchmark.parts().keySet()) : parts);
            } finally {
                // Where a part fails, an hour of the others is not lost.
                System.out.println(benchmark.table(bench));
            }
        }
        Files.writeString(
                Files.createDirectories(checkout.resolve("benchmarks/target")).resolve(benchmark.name() + ".svg"),
                Chart.of(figures, benchmark.bars()));
    }

    private static String usage(Benchmark benchmark) {
        return "%s [part...]   %s; parts: %s"
                .formatted(
                        benchmark.name(),
                        benchmark.about(),
                        String.join(" ", benchmark.parts().keySet()));
    }
}
