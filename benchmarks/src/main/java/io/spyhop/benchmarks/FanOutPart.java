package io.spyhop.benchmarks;

import io.spyhop.benchmarks.Figures.Figure;
import java.io.IOException;

/** Many clients follow one busy container; then the same with one that reads nothing. */
final class FanOutPart implements Bench.Part {
    private static final Figure STALLED =
            new Figure("fan-out to 100 and one that reads nothing: delivered in total", "lines/s", 0, "as without it");

    /** About fifty thousand lines a second. */
    private static final String WRITER =
            "for i in $(seq 500); do echo \"$i 10.0.0.1 - - GET /api/v1/orders/0000001?page=1"
                    + " HTTP/1.1 200 512 curl/8 rt=0.001 padding\"; done > /lines; while :; do cat /lines; usleep 8500; done";

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        try (Product product = new Product(bench.checkout())) {
            product.start();
            String container = bench.containers().start("fan-out", WRITER);
            String workload = Bench.awaitWorkload(product, container);
            for (int round = 1; round <= bench.rounds().rounds(); round++) {
                for (int subscribers : new int[] {1, 10, 100, 1000}) {
                    Bench.say("Fan-out to " + subscribers + ", round " + round + ".");
                    String name = "fan-out to " + subscribers + ": ";
                    String goal = subscribers == 100 ? "≥ 3,000,000" : "";
                    try (Subscribers all = Subscribers.open(product, workload, subscribers, 0)) {
                        all.warmUp();
                        Cpu before = Cpu.of(product.processes());
                        double perSecond = all.linesASecond(bench.rounds().latency());
                        double cpu = Cpu.of(product.processes()).secondsSince(before);
                        bench.figures().add(new Figure(name + "delivered in total", "lines/s", 0, goal), perSecond);
                        double millions = perSecond * bench.rounds().latency().toSeconds() / 1e6;
                        bench.figures()
                                .add(new Figure(name + "CPU of Spyhop", "s/million lines", 3, ""), cpu / millions);
                    }
                }
                try (Subscribers all = Subscribers.open(product, workload, 100, 1)) {
                    all.warmUp();
                    bench.figures().add(STALLED, all.linesASecond(bench.rounds().latency()));
                }
            }
            bench.containers().remove(container);
        }
    }
}
