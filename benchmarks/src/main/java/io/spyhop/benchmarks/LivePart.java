package io.spyhop.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.benchmarks.Figures.Figure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** Containers that write as fast as the engine lets them, and at steady high rates; with Spyhop and without, in turns. */
final class LivePart implements Bench.Part {
    private static final Figure FULL_RATE = new Figure("live at full speed: written with Spyhop", "lines/s", 0, "");
    private static final Figure FULL_ALONE = new Figure("live at full speed: written without Spyhop", "lines/s", 0, "");
    private static final Figure FULL_BEHIND =
            new Figure("live at full speed: behind at the end of writing", "s", 2, "");
    private static final Figure FULL_CAUGHT_UP =
            new Figure("live at full speed: last line readable after the end of writing", "s", 2, "");
    private static final Figure FULL_LOST = new Figure("live at full speed: lines lost", "lines", 0, "0");

    private static final Duration POLL = Duration.ofMillis(100);

    /** Ends after so many seconds with a line that tells how many came before. */
    private static final String FULL =
            "awk 'BEGIN { start = systime(); for (i = 1; i % 1000 || systime() - start < SECONDS; i++)" + " printf "
                    + Bench.ACCESS_LINE + "; print i - 1 }'";

    /** Makes a file of a thousand lines. */
    private static final String LINES =
            "for i in $(seq 1000); do echo \"$i 10.0.0.1 - - GET /api/v1/orders/0000001?page=1"
                    + " HTTP/1.1 200 512 curl/8 rt=0.001 padding\"; done > /lines;";

    /** After each thousand lines it sleeps: whatever keeps it from the processor makes it slower. */
    private static final Pace STEADY = new Pace(
            "steady",
            "live at about 100 k lines/s",
            LINES + " n=0; end=$(($(date +%s) + SECONDS));"
                    + " while [ $(date +%s) -lt $end ]; do for t in 1 2 3 4 5 6 7 8 9 10; do cat /lines; usleep 7500; done;"
                    + " n=$((n + 10000)); done; echo $n");

    /** What the clock says is due: what was late is made up for, as by a program that logs what happens to it. */
    private static final Pace CLOCKED = new Pace(
            "clocked",
            "live at 100 k lines/s by the clock",
            LINES + " now() { read up rest < /proc/uptime; now=${up%.*}${up#*.}; }; now; start=$now; n=0;"
                    + " while [ $((now - start)) -lt $((SECONDS * 100)) ]; do"
                    + " while [ $n -lt $(((now - start) * 1000)) ]; do cat /lines; n=$((n + 1000)); done;"
                    + " usleep 5000; now; done; echo $n");

    /** A program that writes so many lines a second. */
    private record Pace(String name, String title, String script) {
        void measure(Bench bench) throws IOException, InterruptedException {
            double alone = alone(bench, name + "-alone", script);
            Written watched = watched(bench, name, script);
            bench.figures().add(new Figure(title + ": written without Spyhop", "lines/s", 0, ""), alone);
            bench.figures().add(new Figure(title + ": written with Spyhop", "lines/s", 0, ""), watched.perSecond());
            bench.figures()
                    .add(
                            new Figure(title + ": with / without Spyhop, of the same round", "ratio", 3, "≥ 0.95"),
                            watched.perSecond() / alone);
            bench.figures().add(new Figure(title + ": lag, largest", "s", 2, "≤ 1"), watched.lag());
        }
    }

    private record Written(double perSecond, double behind, double lag, double caughtUp, long lost) {}

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        for (int round = 1; round <= bench.rounds().rounds(); round++) {
            Bench.say("Live, round " + round + ".");
            bench.figures().add(FULL_ALONE, alone(bench, "full-alone", FULL));
            Written full = watched(bench, "full", FULL);
            bench.figures().add(FULL_RATE, full.perSecond());
            bench.figures().add(FULL_BEHIND, full.behind());
            bench.figures().add(FULL_CAUGHT_UP, full.caughtUp());
            bench.figures().add(FULL_LOST, (double) full.lost());
            STEADY.measure(bench);
            CLOCKED.measure(bench);
        }
    }

    private static String start(Bench bench, String name, String script) throws IOException, InterruptedException {
        return bench.containers()
                .start(
                        name,
                        script.replace(
                                "SECONDS", Long.toString(bench.rounds().live().toSeconds())));
    }

    private static double alone(Bench bench, String name, String script) throws IOException, InterruptedException {
        String container = start(bench, name, script);
        long start = System.nanoTime();
        bench.containers().awaitEnd(container);
        double seconds = Bench.seconds(System.nanoTime() - start);
        long lines = lines(container);
        bench.containers().remove(container);
        return lines / seconds;
    }

    /** What the container's last line says. */
    private static long lines(String container) throws IOException, InterruptedException {
        return Long.parseLong(Containers.output("docker", "logs", "--tail", "1", container));
    }

    private static Written watched(Bench bench, String name, String script) throws IOException, InterruptedException {
        try (Product product = new Product(bench.checkout())) {
            product.start();
            String container = start(bench, name, script);
            long start = System.nanoTime();
            Process ending = new ProcessBuilder("docker", "wait", container)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String workload = Bench.awaitWorkload(product, container);
            double lag = 0;
            double behind = 0;
            while (ending.isAlive()) {
                JsonNode newest = Bench.await("a line", () -> product.newest(workload));
                if (newest.path("stream").asText().equals("stdout")) {
                    behind = Duration.between(Instant.parse(newest.path("at").asText()), Instant.now())
                                    .toMillis()
                            / 1e3;
                    lag = Math.max(lag, behind);
                }
                Bench.rest(POLL);
            }
            long end = System.nanoTime();
            long lines = lines(container);
            // "worker started", the lines, their count, "worker exited".
            long last = lines + 3;
            Bench.await(
                    "the last line",
                    () -> product.newest(workload)
                            .filter(line -> line.path("stream").asText().equals("system")));
            double caughtUp = Bench.seconds(System.nanoTime() - end);
            long stored = product.newest(workload).orElseThrow().path("lineNo").asLong();
            bench.containers().remove(container);
            return new Written(lines / Bench.seconds(end - start), behind, lag, caughtUp, last - stored);
        }
    }
}
