package io.spyhop.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The entry point: the name of a benchmark, and of parts of it. */
public final class Main {
    private Main() {}

    /** Runs one benchmark, or parts of it, and prints its table. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            System.out.println(
                    "logs [part...]   what becomes of log lines, against docker logs and zstdcat | grep; parts: "
                            + String.join(" ", LogsBenchmark.parts()));
            return;
        }
        Path checkout = Path.of("").toAbsolutePath();
        List<String> parts = List.of(arguments).subList(1, arguments.length);
        if (!"logs".equals(arguments[0])
                || !LogsBenchmark.parts().containsAll(parts)
                || !Files.isExecutable(checkout.resolve("spyhop"))) {
            System.err.println("Usage, in the folder that ./spyhop lies in: bench logs [part...]   parts: "
                    + String.join(" ", LogsBenchmark.parts()));
            System.exit(2);
        }
        Figures figures = new Figures();
        try (Containers containers = new Containers()) {
            LogsBenchmark benchmark =
                    new LogsBenchmark(new Bench(checkout, Rounds.fromEnvironment(), figures, containers));
            try {
                benchmark.run(parts.isEmpty() ? LogsBenchmark.parts() : parts);
            } finally {
                // Where a part fails, an hour of the others is not lost.
                System.out.println(benchmark.table());
            }
        }
        Files.writeString(
                Files.createDirectories(checkout.resolve("benchmarks/target")).resolve("logs.svg"), Chart.of(figures));
    }
}
