package io.spyhop.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;

/** The entry point: the name of a benchmark, and the folder of the checkout where it is not the current one. */
public final class Main {
    private Main() {}

    /** Runs one benchmark and prints its table. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            System.out.println("logs   capture, latency, start and memory, against docker logs (about ten minutes)");
            return;
        }
        Path checkout = Path.of(arguments.length > 1 ? arguments[1] : "").toAbsolutePath();
        if (!"logs".equals(arguments[0]) || !Files.isExecutable(checkout.resolve("spyhop"))) {
            System.err.println("Usage: bench logs [checkout]   (the checkout is the folder that ./spyhop lies in)");
            System.exit(2);
        }
        System.out.println(new LogsBenchmark(checkout, Rounds.fromEnvironment()).run());
    }
}
