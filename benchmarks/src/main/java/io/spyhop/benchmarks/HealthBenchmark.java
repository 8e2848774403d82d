package io.spyhop.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What it costs to ask containers for their health, and how soon it is told what becomes of them. The README says what each figure means. */
final class HealthBenchmark {
    private HealthBenchmark() {}

    static Benchmark of() {
        Map<String, Bench.Part> parts = new LinkedHashMap<>();
        parts.put("probe", new ProbePart());
        parts.put("crash", new CrashPart());
        return new Benchmark(
                "health",
                "what probes cost, and how soon a crash is told and reported, against the engine's own event",
                parts,
                List.of(
                        ProbePart.NAMESPACE,
                        ProbePart.EXEC,
                        CrashPart.EVENT_P50,
                        CrashPart.REPORT_P50,
                        CrashPart.COMPLETE_P50));
    }
}
