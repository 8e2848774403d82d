package io.spyhop.engine.kernel;

import io.spyhop.engine.CounterReader;
import io.spyhop.engine.Counters;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Opens counters of containers of this machine. That a process belongs to a container is proved by its control group, whose
 * name holds the container's id, which is random: neither another machine's container nor a process that got a used pid
 * is taken for it. Thread-safe.
 */
public final class KernelCounters {
    /** The part of the process's descriptors that may be kept open for counters: others need theirs. */
    private static final int DESCRIPTORS_PART = 4;

    /** More containers than run on one machine as a rule. */
    private static final int KEPT_MAX = 2000;

    /** Where the process's limit cannot be read. */
    private static final int DESCRIPTORS_DEFAULT = 1024;

    private static final byte[] MAX_OPEN_FILES = KernelReader.ascii("Max open files");
    private static final byte[] MEM_TOTAL = KernelReader.ascii("MemTotal:");
    private static final KernelCounters THIS_MACHINE = new KernelCounters(Path.of("/proc"));

    private final Path proc;
    private final int keptMax;
    private final AtomicInteger kept = new AtomicInteger();
    private final Queue<ScanBuffer> buffers = new ConcurrentLinkedQueue<>();

    /** Those below a mounted proc file system. */
    public KernelCounters(Path proc) {
        this(proc, keptMax(proc));
    }

    KernelCounters(Path proc, int keptMax) {
        this.proc = proc;
        this.keptMax = keptMax;
    }

    /** Those of this machine, which all engines share. */
    public static KernelCounters ofThisMachine() {
        return THIS_MACHINE;
    }

    /**
     * The counters of the life whose first process this is.
     *
     * @return null where the process is none of the container, or its groups cannot be read from here
     */
    public @Nullable CounterReader open(String containerId, long pid) {
        boolean keep = kept.incrementAndGet() <= keptMax;
        KernelReader reader = null;
        try {
            reader = read(containerId, pid, keep);
        } catch (IOException e) {
            // It has ended, or may not be seen: the engine can say.
        }
        if (reader == null) {
            kept.decrementAndGet();
        }
        return reader;
    }

    private @Nullable KernelReader read(String containerId, long pid, boolean keep) throws IOException {
        String begin = startTime(pid);
        Cgroups groups = Cgroups.of(proc, pid, containerId);
        if (groups == null) {
            return null;
        }
        KernelReader reader = KernelReader.open(this, groups, network(pid), hostBytes(), keep);
        // What was opened by pid was the container's only if that is still the same process, in the same group.
        if (reader != null && (!begin.equals(startTime(pid)) || Cgroups.of(proc, pid, containerId) == null)) {
            reader.close();
            throw new IOException("the process has changed");
        }
        return reader;
    }

    /** The file of a process's traffic; null where its network is the machine's own. */
    private @Nullable Path network(long pid) throws IOException {
        Path own = proc.resolve(Long.toString(pid)).resolve("net/dev");
        Path machine = proc.resolve("1/net/dev");
        // Each network namespace has files of its own. Unlike the namespaces themselves anybody may look at them.
        return Files.exists(machine)
                        && Files.getAttribute(machine, "unix:ino").equals(Files.getAttribute(own, "unix:ino"))
                ? null
                : own;
    }

    /** A pid may be used again, but not with the same time. */
    private String startTime(long pid) throws IOException {
        String stat = Files.readString(proc.resolve(Long.toString(pid)).resolve("stat"));
        // The 22nd number; a program's name, which may hold anything, comes before the third.
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
    }

    private long hostBytes() throws IOException {
        ScanBuffer buffer = borrow();
        try (FileChannel file = FileChannel.open(proc.resolve("meminfo"))) {
            buffer.fill(file);
            long kib = buffer.value(MEM_TOTAL);
            return kib < 0 ? Counters.UNKNOWN : kib * 1024;
        } finally {
            giveBack(buffer);
        }
    }

    private static int keptMax(Path proc) {
        long descriptors = DESCRIPTORS_DEFAULT;
        try (FileChannel file = FileChannel.open(proc.resolve("self/limits"))) {
            ScanBuffer buffer = new ScanBuffer();
            buffer.fill(file);
            long limit = buffer.value(MAX_OPEN_FILES);
            descriptors = limit > 0 ? limit : DESCRIPTORS_DEFAULT;
        } catch (IOException e) {
            // As the default has it.
        }
        return (int) Math.min(KEPT_MAX, descriptors / DESCRIPTORS_PART / KernelReader.FILES);
    }

    ScanBuffer borrow() {
        ScanBuffer buffer = buffers.poll();
        return buffer == null ? new ScanBuffer() : buffer;
    }

    void giveBack(ScanBuffer buffer) {
        buffers.add(buffer);
    }

    void closed() {
        kept.decrementAndGet();
    }
}
