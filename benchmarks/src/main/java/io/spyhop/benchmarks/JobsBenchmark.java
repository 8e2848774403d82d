package io.spyhop.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How soon jobs run, and how long their history takes to read. The README says what each figure means. */
final class JobsBenchmark {
    private JobsBenchmark() {}

    static Benchmark of() {
        Map<String, Bench.Part> parts = new LinkedHashMap<>();
        parts.put("history", new JobHistoryPart());
        return new Benchmark("jobs", "what jobs take, against the engine's own commands", parts, List.of());
    }
}
