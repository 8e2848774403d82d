package io.spyhop.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How soon jobs run, what becomes of many at once, and how long their history takes to read. The README says what each figure means. */
final class JobsBenchmark {
    private JobsBenchmark() {}

    static Benchmark of() {
        Map<String, Bench.Part> parts = new LinkedHashMap<>();
        parts.put("trigger", new TriggerPart());
        parts.put("burst", new BurstPart());
        parts.put("jitter", new JitterPart());
        parts.put("output", new OutputPart());
        parts.put("history", new JobHistoryPart());
        return new Benchmark(
                "jobs",
                "how soon a job runs, against docker run and docker exec, and many at once",
                parts,
                List.of(
                        TriggerPart.RUN_P50,
                        TriggerPart.DOCKER_RUN_P50,
                        TriggerPart.EXEC_P50,
                        TriggerPart.DOCKER_EXEC_P50));
    }
}
