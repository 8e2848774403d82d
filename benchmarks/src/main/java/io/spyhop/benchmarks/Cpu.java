package io.spyhop.benchmarks;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The CPU time that some processes have used so far. A process that ends meanwhile does not count. Immutable. */
record Cpu(Map<Long, Duration> used) {
    static Cpu of(List<ProcessHandle> processes) {
        Map<Long, Duration> used = new HashMap<>();
        for (ProcessHandle process : processes) {
            process.info().totalCpuDuration().ifPresent(time -> used.put(process.pid(), time));
        }
        return new Cpu(used);
    }

    /** What was used since an earlier reading, in seconds. */
    double secondsSince(Cpu earlier) {
        long millis = 0;
        for (Map.Entry<Long, Duration> entry : used.entrySet()) {
            Duration before = earlier.used.getOrDefault(entry.getKey(), Duration.ZERO);
            millis += entry.getValue().minus(before).toMillis();
        }
        return millis / 1e3;
    }
}
