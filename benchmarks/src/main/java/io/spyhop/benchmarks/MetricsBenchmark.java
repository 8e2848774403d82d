package io.spyhop.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Resource use: what it costs to know it, against the engine's API and its command; what keeping it costs, and how fast it is
 * shown. The README says what each figure means.
 */
final class MetricsBenchmark {
    private MetricsBenchmark() {}

    static Benchmark of() {
        Map<String, Bench.Part> parts = new LinkedHashMap<>();
        parts.put("reading", new ReadingPart());
        parts.put("sampling", new SamplingPart());
        parts.put("history", new HistoryPart());
        return new Benchmark(
                "metrics",
                "what containers use: what it costs to know, to keep and to show it, against docker stats",
                parts,
                List.of(
                        ReadingPart.QUIET.of(50),
                        ReadingPart.WHOLE.of(50),
                        ReadingPart.API.of(50),
                        ReadingPart.COMMAND.of(50)));
    }
}
