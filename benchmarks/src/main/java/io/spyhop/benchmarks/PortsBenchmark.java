package io.spyhop.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Listening ports: what it costs to find and to reach them. The README says what each figure means. */
final class PortsBenchmark {
    private PortsBenchmark() {}

    static Benchmark of() {
        Map<String, Bench.Part> parts = new LinkedHashMap<>();
        parts.put("detection", new DetectionPart());
        parts.put("detecting", new DetectingPart());
        parts.put("proxy", new ProxyPart());
        parts.put("websockets", new WebSocketsPart());
        return new Benchmark(
                "ports",
                "listening ports: what it costs to find them, against docker exec … ss, and to reach them, against Caddy and nginx",
                parts,
                List.of(DetectionPart.FIRST, DetectionPart.API, DetectionPart.COMMAND));
    }
}
