package io.spyhop.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Logs: how fast they are captured, how late they come, what they cost and how fast they are found; against docker and
 * other tools on the same lines, in turns. The README says what each figure means.
 */
final class LogsBenchmark {
    private LogsBenchmark() {}

    static Benchmark of() {
        Map<String, Bench.Part> parts = new LinkedHashMap<>();
        parts.put("start", new StartPart());
        parts.put("capture", new CapturePart());
        parts.put("live", new LivePart());
        parts.put("latency", new LatencyPart());
        parts.put("fan-out", new FanOutPart());
        parts.put("store", new StorePart());
        parts.put("idle", new IdlePart());
        return new Benchmark(
                "logs",
                "what becomes of log lines, against docker logs and zstdcat | grep",
                parts,
                List.of(CapturePart.FILE, CapturePart.API, CapturePart.DOCKER, CapturePart.DOCKER_T));
    }
}
