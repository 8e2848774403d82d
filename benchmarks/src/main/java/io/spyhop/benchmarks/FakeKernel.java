package io.spyhop.benchmarks;

import io.spyhop.engine.CounterReader;
import io.spyhop.engine.kernel.KernelCounters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Files as the kernel would show them of many containers, where this machine cannot run so many. Whoever reads them opens,
 * reads and parses as much as of real ones; what the kernel does to make their content is missing.
 */
final class FakeKernel {
    private static final List<String> CONTROLLERS = List.of("cpu", "cpuacct", "memory", "blkio", "pids");
    private static final int FIRST_PID = 100_000;

    private FakeKernel() {}

    /** Makes them below a folder, and opens them. */
    static List<CounterReader> readers(Path root, int count) throws IOException {
        Path proc = root.resolve("proc");
        write(proc.resolve("meminfo"), "MemTotal:       24684084 kB\n");
        write(proc.resolve("1/net/dev"), "a\nb\n");
        // So many files are kept open as this process may have.
        write(proc.resolve("self/limits"), Files.readString(Path.of("/proc/self/limits")));
        StringBuilder mounts = new StringBuilder();
        for (String controller : CONTROLLERS) {
            mounts.append("34 31 0:32 / %s rw - cgroup cgroup rw,%s\n".formatted(root.resolve(controller), controller));
        }
        write(proc.resolve("self/mountinfo"), mounts.toString());
        KernelCounters counters = new KernelCounters(proc);
        List<CounterReader> readers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = "%064x".formatted(i + 1);
            make(root, FIRST_PID + i, id);
            CounterReader reader = counters.open(id, FIRST_PID + i);
            if (reader == null) {
                throw new IOException("the made-up container " + id + " cannot be read");
            }
            readers.add(reader);
        }
        return readers;
    }

    private static void make(Path root, int pid, String id) throws IOException {
        Path process = root.resolve("proc").resolve(Integer.toString(pid));
        StringBuilder groups = new StringBuilder();
        for (String controller : CONTROLLERS) {
            groups.append("4:%s:/docker/%s\n".formatted(controller, id));
        }
        write(process.resolve("cgroup"), groups.toString());
        write(process.resolve("stat"), pid + " (sh) S" + " 0".repeat(18) + " 4711 0\n");
        write(process.resolve("net/dev"), """
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
                  eth0:    1086      13    0    0    0     0          0         0        0       0    0    0    0     0       0          0
                """);
        Map<String, String> files = Map.of(
                "cpuacct/cpuacct.usage", "27478172\n",
                "cpuacct/cpuacct.stat", "user 2\nsystem 1\n",
                "cpu/cpu.stat", "nr_periods 0\nnr_throttled 0\nthrottled_time 0\n",
                "memory/memory.usage_in_bytes", "6594560\n",
                "memory/memory.stat", memory(),
                "memory/memory.limit_in_bytes", "9223372036854771712\n",
                "memory/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n",
                "blkio/blkio.throttle.io_service_bytes_recursive", "Total 0\n",
                "pids/pids.current", "1\n");
        for (Map.Entry<String, String> file : files.entrySet()) {
            int slash = file.getKey().indexOf('/');
            write(
                    root.resolve(file.getKey().substring(0, slash))
                            .resolve("docker")
                            .resolve(id)
                            .resolve(file.getKey().substring(slash + 1)),
                    file.getValue());
        }
    }

    /** The lines of version 1, once for the group and once with all below it. */
    private static String memory() {
        List<String> names = List.of(
                "cache",
                "rss",
                "rss_huge",
                "shmem",
                "mapped_file",
                "dirty",
                "writeback",
                "pgpgin",
                "pgpgout",
                "pgfault",
                "pgmajfault",
                "inactive_anon",
                "active_anon",
                "inactive_file",
                "active_file",
                "unevictable");
        StringBuilder text = new StringBuilder();
        for (String prefix : List.of("", "total_")) {
            names.forEach(name -> text.append(prefix).append(name).append(" 4096\n"));
        }
        return text.toString();
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
