package io.spyhop.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Load by a program that does nothing else, and so takes little from what is measured. It knows no pace. */
final class Wrk {
    private static final Path WRK = Path.of("/usr/bin/wrk");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern WRONG = Pattern.compile("Non-2xx or 3xx responses: .*|Socket errors: .*");

    private Wrk() {}

    /** Says what is missing. */
    static void check() throws IOException {
        if (!Files.isExecutable(WRK)) {
            throw new IOException("This part needs /usr/bin/wrk: install the package wrk.");
        }
    }

    /** Asks as fast as it is answered, on kept connections, and gives the answers in a second. */
    static double perSecond(HttpLoad load, Duration time) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                WRK.toString(),
                "--threads",
                "1",
                "--connections",
                Integer.toString(HttpLoad.CONNECTIONS),
                "--duration",
                Math.max(1, time.toSeconds()) + "s"));
        load.headers().lines().forEach(header -> command.addAll(List.of("--header", header)));
        command.add("http://" + load.address() + ":" + load.port() + "/");
        String said = Containers.output(command.toArray(String[]::new));
        Matcher wrong = WRONG.matcher(said);
        if (wrong.find()) {
            throw new IOException(wrong.group());
        }
        Matcher rate = RATE.matcher(said);
        if (!rate.find()) {
            throw new IOException("wrk did not say how much it did");
        }
        return Double.parseDouble(rate.group(1));
    }
}
