package io.spyhop.engine.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a kernel would show of processes and their control groups, as files of a test. */
final class KernelFixture {
    static final String ID = "a3ec063e20ffef58288362eecbb2c2401487f7a478c53e024b45334d470cf33a";
    private static final List<String> CONTROLLERS = List.of("cpu", "cpuacct", "memory", "blkio", "pids");
    private static final long CPU_NANOS = 27_478_172;

    private final Path root;
    final Path proc;

    KernelFixture(Path root) {
        this.root = root;
        this.proc = root.resolve("proc");
        write(proc.resolve("meminfo"), """
                        MemTotal:       24684084 kB
                        MemFree:        20000000 kB
                        """);
        write(proc.resolve("self/limits"), """
                        Limit   Soft Limit  Hard Limit  Units
                        Max open files            1024   4096 files
                        """);
        write(
                proc.resolve("1/net/dev"),
                traffic("    lo:       1       1    0    0    0     0          0         0        1       1    0    0 "
                        + "   0     0       0          0"));
    }

    /** Each controller has a hierarchy of its own; processors share one, as they often do. */
    KernelFixture version1(long pid, String id) {
        StringBuilder mounts = new StringBuilder();
        StringBuilder groups = new StringBuilder();
        for (String controller : CONTROLLERS) {
            Path point = root.resolve("sys fs").resolve(controller);
            mounts.append("34 31 0:32 / ")
                    .append(point.toString().replace(" ", "\\040"))
                    .append(" rw,relatime shared:9 - cgroup cgroup rw,")
                    .append(controller)
                    .append('\n');
            groups.append("4:")
                    .append(controller)
                    .append(":/docker/")
                    .append(id)
                    .append('\n');
        }
        // As in a hybrid system: a second hierarchy that controls nothing.
        mounts.append("41 31 0:38 / ").append(root.resolve("unified")).append(" rw - cgroup2 cgroup2 rw\n");
        groups.append("0::/docker/").append(id).append('\n');
        write(proc.resolve("self/mountinfo"), mounts.toString());
        process(pid, groups.toString());
        Map<String, String> files = Map.of(
                "cpuacct/cpuacct.usage", CPU_NANOS + "\n",
                "cpuacct/cpuacct.stat", """
                        user 2
                        system 1
                        """,
                "cpu/cpu.stat", """
                        nr_periods 7
                        nr_throttled 3
                        throttled_time 1234567
                        nr_bursts 0
                        """,
                "memory/memory.usage_in_bytes", "6594560\n",
                "memory/memory.stat", """
                        cache 1
                        rss 2
                        inactive_file 3
                        total_cache 4096000
                        total_rss 61440
                        total_inactive_file 4095000
                        """,
                "memory/memory.limit_in_bytes", "67108864\n",
                "memory/memory.oom_control", """
                        oom_kill_disable 0
                        under_oom 0
                        oom_kill 2
                        """,
                "blkio/blkio.throttle.io_service_bytes_recursive", """
                        8:0 Read 4096
                        8:0 Write 8192
                        8:0 Sync 1
                        8:0 Total 12288
                        253:16 Read 1000
                        253:16 Write 0
                        Total 13288
                        """,
                "pids/pids.current", "5\n");
        files.forEach((name, text) -> write(group1(name, id), text));
        return this;
    }

    /** One hierarchy for all, mounted from a part of it on, as in a container. */
    KernelFixture version2(long pid, String id, String path) {
        write(
                proc.resolve("self/mountinfo"),
                "23 22 0:22 / /proc rw - proc proc rw\n30 23 0:26 / " + root.resolve("cgroup")
                        + " rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n");
        process(pid, "0::" + path + "\n");
        Map<String, String> files = Map.of(
                "cpu.stat", """
                        usage_usec 27478
                        user_usec 20000
                        system_usec 7478
                        nr_periods 7
                        nr_throttled 3
                        throttled_usec 1234
                        """,
                "memory.current", "6594560\n",
                "memory.stat", """
                        anon 61440
                        file 4096000
                        kernel 1
                        file_mapped 3
                        inactive_anon 9
                        inactive_file 4095000
                        """,
                "memory.max", "max\n",
                "memory.events", """
                        low 0
                        high 0
                        max 9
                        oom 4
                        oom_kill 2
                        oom_group_kill 0
                        """,
                "io.stat", """
                        8:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0
                        253:16 rbytes=1000 wbytes=0 rios=9 wios=0
                        8:32\s
                        """,
                "pids.current", "5\n");
        files.forEach((name, text) -> write(group2(name, id), text));
        return this;
    }

    Path group1(String file, String id) {
        int slash = file.indexOf('/');
        return root.resolve("sys fs")
                .resolve(file.substring(0, slash))
                .resolve("docker")
                .resolve(id)
                .resolve(file.substring(slash + 1));
    }

    Path group2(String file, String id) {
        return root.resolve("cgroup/system.slice/docker-" + id + ".scope").resolve(file);
    }

    Path ofProcess(long pid, String file) {
        return proc.resolve(Long.toString(pid)).resolve(file);
    }

    private void process(long pid, String groups) {
        write(ofProcess(pid, "cgroup"), groups);
        begin(pid, 2574852);
        write(ofProcess(pid, "net/dev"), traffic("""
                lo:     999     999    9    9    0     0          0         0      999     999    9    9    0     0       0          0
              eth0:     200       2    1    4    0     0          0         0      300       3    5    6    0     0       0          0
            lo1:1000 1 0 0 0 0 0 0 2000 1 0 0 0 0 0 0\
            """));
    }

    void begin(long pid, long ticks) {
        write(
                ofProcess(pid, "stat"),
                pid + " (s) h) R 17187 17206 17206 0 -1 4194560 963 0 0 0 2 0 0 0 20 0 1 0 " + ticks + " 2322432\n");
    }

    private static String traffic(String interfaces) {
        return """
                        Inter-|   Receive                                                |  Transmit
                         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                        """ + interfaces + "\n";
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
