package io.spyhop.benchmarks;

import io.spyhop.benchmarks.Figures.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/** A large store: what it takes on disk, how fast it is searched, and how fast a page of its middle is read. */
final class StorePart implements Bench.Part {
    private static final String RARE = "quokkapalooza";
    private static final int PAGES = 200;
    private static final int PAGE_LINES = 1000;
    private static final Pattern TIME = Pattern.compile("(\\d+)m([0-9.]+)s");

    /** Fields that differ from line to line as those of real programs do. */
    private static final String ACCESS =
            "function hex(n,  s) { s = \"\"; while (n-- > 0) s = s sprintf(\"%x\", int(rand() * 16));"
                    + " return s } BEGIN { srand(7); split(\"GET GET GET POST PUT DELETE\", m, \" \");"
                    + " split(\"users orders items carts search login assets\", p, \" \");"
                    + " split(\"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0|Mozilla/5.0 (iPhone; CPU iPhone OS"
                    + " 17_5 like Mac OS X) AppleWebKit/605.1.15|curl/8.5.0|Mozilla/5.0 (Windows NT 10.0) Chrome/126.0\", u, \"|\");"
                    + " for (i = 1; i <= LINES; i++) { if (i == RAREAT) print \"" + RARE + "\";"
                    + " printf \"10.%d.%d.%d - - [25/Nov/2026:%02d:%02d:%02d +0000] \\\"%s /api/v1/%s/%d HTTP/1.1\\\" %d %d"
                    + " \\\"-\\\" \\\"%s\\\"\\n\", rand() * 4, rand() * 256, rand() * 256, i / 360000 % 24, i / 6000 % 60, i / 100 % 60,"
                    + " m[1 + int(rand() * 6)], p[1 + int(rand() * 7)], rand() * 100000,"
                    + " rand() < 0.95 ? 200 : rand() < 0.7 ? 404 : 500, rand() * 20000, u[1 + int(rand() * 4)] } }";

    private static final String JAVA =
            "function hex(n,  s) { s = \"\"; while (n-- > 0) s = s sprintf(\"%x\", int(rand() * 16));"
                    + " return s } BEGIN { srand(8); split(\"OrderService PaymentGateway UserRepository CartController HikariPool-1\", c, \" \");"
                    + " split(\"Stored an order|Payment was authorized|Loaded a user from the cache|Connection was returned|Retrying\", t, \"|\");"
                    + " for (i = 1; i <= LINES; i++) { if (rand() < 0.02) { print \"java.lang.IllegalStateException: order \" hex(8);"
                    + " for (j = 0; j < 9; j++) print \"\\tat com.example.shop.\" c[1 + int(rand() * 5)] \".handle(\" c[1 + int(rand() * 5)]"
                    + " \".java:\" int(rand() * 400) \")\" } else printf \"2026-11-25 %02d:%02d:%02d.%03d %s [virtual-%d] c.e.shop.%s"
                    + " traceId=%s %s in %d ms\\n\", i / 360000 % 24, i / 6000 % 60, i / 100 % 60, rand() * 1000,"
                    + " rand() < 0.9 ? \"INFO \" : \"WARN \", rand() * 64, c[1 + int(rand() * 5)], hex(16), t[1 + int(rand() * 5)],"
                    + " rand() * 300 } }";

    private static final String JSON =
            "function hex(n,  s) { s = \"\"; while (n-- > 0) s = s sprintf(\"%x\", int(rand() * 16));"
                    + " return s } BEGIN { srand(9); split(\"request completed|user signed in|cache miss|job queued\", t, \"|\");"
                    + " for (i = 1; i <= LINES; i++) printf \"{\\\"level\\\":\\\"%s\\\",\\\"time\\\":%.0f,\\\"reqId\\\":\\\"%s\\\",\\\"userId\\\":%d,"
                    + "\\\"durationMs\\\":%d,\\\"msg\\\":\\\"%s\\\"}\\n\", rand() < 0.9 ? \"info\" : \"warn\", 1790000000000 + i * 10, hex(16),"
                    + " rand() * 10000, rand() * 500, t[1 + int(rand() * 4)] }";

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("spyhop-bench-text");
        try (Product product = new Product(bench.checkout())) {
            product.start();
            int few = bench.rounds().storeLines() / 10;
            disk(bench, product, work, "Java service", JAVA, few);
            disk(bench, product, work, "JSON lines", JSON, few);
            Stored access = disk(
                    bench, product, work, "access log", ACCESS, bench.rounds().storeLines());
            search(bench, product, access);
            pages(bench, product, access);
        } finally {
            Containers.exit("rm", "-rf", work.toString());
        }
    }

    /** What was written, and the same text compressed. */
    private record Stored(String workload, long textBytes, Path zstd) {}

    private static Stored disk(Bench bench, Product product, Path work, String kind, String script, int lines)
            throws IOException, InterruptedException {
        Bench.say("Writing " + lines + " lines: " + kind + ".");
        String name = kind.toLowerCase(java.util.Locale.ROOT).replace(' ', '-');
        String awk = script.replace("LINES", Integer.toString(lines)).replace("RAREAT", Integer.toString(lines / 2));
        String container = bench.containers().start(name, "awk '" + awk + "'");
        bench.containers().awaitEnd(container);
        Path zstd = work.resolve(name + ".zst");
        Containers.output(
                "sh",
                "-c",
                "docker logs " + container + " 2>/dev/null | tee " + work.resolve("size.pipe") + " | zstd -q -3 -o "
                        + zstd);
        long text = Files.size(work.resolve("size.pipe"));
        Files.delete(work.resolve("size.pipe"));
        String workload = Bench.awaitWorkload(product, container);
        Bench.say("Waiting until all is stored and compacted.");
        long stored = product.awaitQuietStore(workload);
        bench.figures().add(new Figure("disk, " + kind + ": stored / text", "ratio", 3, ""), (double) stored / text);
        bench.figures()
                .add(
                        new Figure("disk, " + kind + ": stored / zstd -3 of the text", "ratio", 2, "≤ 1.5"),
                        (double) stored / Files.size(zstd));
        bench.containers().remove(container);
        return new Stored(workload, text, zstd);
    }

    private static void search(Bench bench, Product product, Stored stored) throws IOException, InterruptedException {
        String logs = "/api/v1/workloads/" + stored.workload() + "/logs?limit=1000&";
        String all = "/api/v1/logs/search?since=7d&workload=" + stored.workload() + "&limit=1&";
        for (int round = 1; round <= bench.rounds().rounds(); round++) {
            Bench.say("Search, round " + round + ".");
            one(bench, product, stored, "rare word", "< 300 ms", logs + "q=" + RARE, "grep -ic " + RARE);
            one(bench, product, stored, "common word, first 1000", "", logs + "q=firefox", "grep -im 1000 firefox");
            one(bench, product, stored, "common word, all counted", "", all + "q=firefox", "grep -ic firefox");
            one(
                    bench,
                    product,
                    stored,
                    "regex, all counted",
                    "",
                    all + "regex=orders%2F%5B0-9%5D%2B7%20.*%20500%20",
                    "grep -cE 'orders/[0-9]+7 .* 500 '");
        }
    }

    private static void one(
            Bench bench, Product product, Stored stored, String what, String goal, String path, String grep)
            throws IOException, InterruptedException {
        Cpu before = Cpu.of(product.processes());
        long start = System.nanoTime();
        product.readToEnd(path);
        double seconds = Bench.seconds(System.nanoTime() - start);
        double cpu = Cpu.of(product.processes()).secondsSince(before);
        start = System.nanoTime();
        // Through a pipe: where its output is /dev/null, grep stops at the first match.
        String times = Containers.output(
                "sh", "-c", "zstdcat " + stored.zstd() + " | LC_ALL=C " + grep + " | cat >/dev/null; times");
        double grepSeconds = Bench.seconds(System.nanoTime() - start);
        ToDoubleFunction<Double> speed = time -> stored.textBytes() / 1e9 / time;
        String name = "search, " + what + ": ";
        bench.figures().add(new Figure(name + "Spyhop", "ms", 0, goal), 1e3 * seconds);
        bench.figures().add(new Figure(name + "zstdcat | " + grep.split(" ", 2)[0], "ms", 0, ""), 1e3 * grepSeconds);
        bench.figures()
                .add(new Figure(name + "Spyhop, text by CPU time", "GB/s a core", 2, ""), speed.applyAsDouble(cpu));
        double grepCpu = cpuSeconds(times);
        // A shell counts in hundredths of a second, and finds the first thousand in less.
        if (grepCpu > 0) {
            bench.figures()
                    .add(
                            new Figure(name + "zstdcat | grep, text by CPU time", "GB/s a core", 2, ""),
                            speed.applyAsDouble(grepCpu));
        }
        bench.figures()
                .add(
                        new Figure(name + "zstdcat | grep takes so many times as long", "ratio", 2, ""),
                        grepSeconds / seconds);
    }

    /** What a shell says of itself and of what it has run, both as two times such as 0m1.25s. */
    static double cpuSeconds(String times) {
        return TIME.matcher(times)
                .results()
                .mapToDouble(time -> 60 * Double.parseDouble(time.group(1)) + Double.parseDouble(time.group(2)))
                .sum();
    }

    private static void pages(Bench bench, Product product, Stored stored) throws IOException, InterruptedException {
        Figure p50 = new Figure("page of 1000 lines anywhere in the store, p50", "ms", 1, "");
        Figure p95 = new Figure("page of 1000 lines anywhere in the store, p95", "ms", 1, "≤ 30");
        Random random = new Random(1);
        for (int round = 1; round <= bench.rounds().rounds(); round++) {
            Bench.say("Pages, round " + round + ".");
            double[] millis = new double[PAGES];
            for (int i = 0; i < PAGES; i++) {
                int since = random.nextInt(bench.rounds().storeLines() - PAGE_LINES);
                long start = System.nanoTime();
                product.readToEnd(
                        "/api/v1/workloads/" + stored.workload() + "/logs?since=" + since + "&limit=" + PAGE_LINES);
                millis[i] = 1e3 * Bench.seconds(System.nanoTime() - start);
            }
            bench.figures().add(p50, Figures.quantile(millis, 0.5));
            bench.figures().add(p95, Figures.quantile(millis, 0.95));
        }
    }
}
