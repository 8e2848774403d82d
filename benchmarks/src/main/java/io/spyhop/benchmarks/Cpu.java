package io.spyhop.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The CPU time that some processes have used so far. A process that ends meanwhile does not count. Immutable. */
record Cpu(Map<Long, Duration> used) {
    private static final int UTIME = 11;
    private static final int TIMES = 4;
    private static final int TICK_MILLIS = 10;

    static Cpu of(List<ProcessHandle> processes) {
        Map<Long, Duration> used = new HashMap<>();
        for (ProcessHandle process : processes) {
            process.info().totalCpuDuration().ifPresent(time -> used.put(process.pid(), time));
        }
        return new Cpu(used);
    }

    /** The same with what their children used that have ended: commands that the engine had run, and who ran them. */
    static Cpu withChildren(List<ProcessHandle> processes) throws IOException {
        Map<Long, Duration> used = new HashMap<>();
        for (ProcessHandle process : processes) {
            try {
                String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
                // After the name in brackets, which may hold anything: state is the first, utime the twelfth.
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                long ticks = 0;
                for (int i = UTIME; i < UTIME + TIMES; i++) {
                    ticks += Long.parseLong(fields[i]);
                }
                used.put(process.pid(), Duration.ofMillis(ticks * TICK_MILLIS));
            } catch (NoSuchFileException e) {
                // It has just ended.
            }
        }
        return new Cpu(used);
    }

    /** The engine's processes; those that stand beside each container work for what is asked about it too. */
    static List<ProcessHandle> engine() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .command()
                        .filter(command -> command.matches(".*/(dockerd|containerd|containerd-shim[^/]*)"))
                        .isPresent())
                .toList();
    }

    /**
     * What the threads of some processes have used so far, in nanoseconds, where ticks of ten milliseconds would be too coarse.
     *
     * @param name of the threads; empty for all
     */
    static long nanos(List<ProcessHandle> processes, String name) throws IOException {
        long nanos = 0;
        for (ProcessHandle process : processes) {
            try (DirectoryStream<Path> threads =
                    Files.newDirectoryStream(Path.of("/proc", Long.toString(process.pid()), "task"))) {
                for (Path thread : threads) {
                    if (name.isEmpty()
                            || Files.readString(thread.resolve("comm")).strip().equals(name)) {
                        nanos += Long.parseLong(
                                Files.readString(thread.resolve("schedstat")).split(" ", 2)[0]);
                    }
                }
            } catch (NoSuchFileException e) {
                // It has just ended.
            }
        }
        return nanos;
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
