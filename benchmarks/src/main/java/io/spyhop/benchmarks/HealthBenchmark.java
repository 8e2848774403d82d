package io.spyhop.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How soon it is told what becomes of containers. The README says what each figure means. */
final class HealthBenchmark {
    private HealthBenchmark() {}

    static Benchmark of() {
        Map<String, Bench.Part> parts = new LinkedHashMap<>();
        parts.put("crash", new CrashPart());
        return new Benchmark(
                "health",
                "how soon a crash is told and reported, against the engine's own event",
                parts,
                List.of(CrashPart.EVENT_P50, CrashPart.REPORT_P50, CrashPart.COMPLETE_P50));
    }
}
