package io.spyhop.engine.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.CounterReader;
import io.spyhop.engine.CounterWay;
import io.spyhop.engine.Counters;
import io.spyhop.engine.Counters.Block;
import io.spyhop.engine.Counters.Cpu;
import io.spyhop.engine.Counters.Memory;
import io.spyhop.engine.Counters.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of one life, which it keeps open. Hot path: besides the result nothing is allocated. With the life its
 * groups are removed, and reading them fails; whoever wants the next life opens it.
 *
 * <p>{@link #readUse} leaves out what can be known without: a life that used no processor and no other memory since the
 * last reading has started and ended no process, and nothing was killed in it. Traffic and disks are served by the kernel
 * itself, and are read each time. What only somebody else changes, or nobody makes a figure of, is as old as the last whole
 * reading, and that is taken anew in time.
 */
final class KernelReader implements CounterReader {
    /** The most files of one container. */
    static final int FILES = 10;

    /** A reading of the processors that was interrupted for longer is taken again, for its time would be wrong. */
    private static final long CPU_READ_NANOS_MAX = 2_000_000;

    private static final int CPU_TRIES = 3;

    /** How old may be what is not read each time: a limit that was changed, or memory that the kernel dropped by itself. */
    private static final long WHOLE_NANOS = 10_000_000_000L;

    /** The kernel's clock tick in the files that programs see: 100 a second on every architecture. */
    private static final long TICK_NANOS = 10_000_000;

    private static final long NANOS_PER_MICRO = 1000;

    /** Version 1 writes a huge number where no limit is set; a limit above the machine's memory is none either. */
    private static final long NO_LIMIT = 1L << 60;

    private static final byte[] USAGE_USEC = ascii("usage_usec");
    private static final byte[] USER_USEC = ascii("user_usec");
    private static final byte[] SYSTEM_USEC = ascii("system_usec");
    private static final byte[] USER = ascii("user");
    private static final byte[] SYSTEM = ascii("system");
    private static final byte[] NR_PERIODS = ascii("nr_periods");
    private static final byte[] NR_THROTTLED = ascii("nr_throttled");
    private static final byte[] THROTTLED_USEC = ascii("throttled_usec");
    private static final byte[] THROTTLED_TIME = ascii("throttled_time");
    private static final byte[] INACTIVE_FILE = ascii("inactive_file");
    private static final byte[] TOTAL_INACTIVE_FILE = ascii("total_inactive_file");
    private static final byte[] FILE = ascii("file");
    private static final byte[] ANON = ascii("anon");
    private static final byte[] TOTAL_CACHE = ascii("total_cache");
    private static final byte[] TOTAL_RSS = ascii("total_rss");
    private static final byte[] OOM_KILL = ascii("oom_kill");
    private static final byte[] LOOPBACK = ascii("lo:");
    private static final byte[] READ = ascii("Read");
    private static final byte[] WRITE = ascii("Write");
    private static final byte[] RBYTES = ascii("rbytes=");
    private static final byte[] WBYTES = ascii("wbytes=");

    private final KernelCounters owner;
    private final long hostBytes;
    private final List<KernelFile> all = new ArrayList<>();
    private final boolean cpuUnified;
    private final boolean memoryUnified;
    private final boolean blockUnified;
    private final String containerId;
    private final @Nullable KernelFile cpuUsage;
    private final @Nullable KernelFile cpuParts;
    private final @Nullable KernelFile cpuQuota;
    private final @Nullable KernelFile memoryUsage;
    private final @Nullable KernelFile memoryStat;
    private final @Nullable KernelFile memoryLimit;
    private final @Nullable KernelFile memoryEvents;
    private final @Nullable KernelFile block;
    private final @Nullable KernelFile pids;
    private final @Nullable KernelFile network;
    private volatile boolean closed;
    private volatile @Nullable Known known;

    /** What the newest reading told, and when the last one of all files was. */
    private record Known(Counters counters, long wholeAtNanos) {}

    private KernelReader(KernelCounters owner, Cgroups groups, @Nullable Path traffic, long hostBytes, boolean keep) {
        this.owner = owner;
        this.hostBytes = hostBytes;
        this.containerId = groups.containerId();
        Cgroups.Folder cpu = groups.folder("cpuacct");
        Cgroups.Folder quota = groups.folder("cpu");
        Cgroups.Folder memory = groups.folder("memory");
        Cgroups.Folder io = groups.folder("blkio");
        Cgroups.Folder tasks = groups.folder("pids");
        cpuUnified = cpu != null && cpu.unified();
        memoryUnified = memory != null && memory.unified();
        blockUnified = io != null && io.unified();
        cpuUsage = open(cpu, cpuUnified ? "cpu.stat" : "cpuacct.usage", keep);
        cpuParts = cpuUnified ? null : open(cpu, "cpuacct.stat", keep);
        cpuQuota = cpuUnified ? null : open(quota, "cpu.stat", keep);
        memoryUsage = open(memory, memoryUnified ? "memory.current" : "memory.usage_in_bytes", keep);
        memoryStat = open(memory, "memory.stat", keep);
        memoryLimit = open(memory, memoryUnified ? "memory.max" : "memory.limit_in_bytes", keep);
        memoryEvents = open(memory, memoryUnified ? "memory.events" : "memory.oom_control", keep);
        KernelFile recursive = open(io, blockUnified ? "io.stat" : "blkio.throttle.io_service_bytes_recursive", keep);
        block = recursive != null || blockUnified ? recursive : open(io, "blkio.throttle.io_service_bytes", keep);
        pids = open(tasks, "pids.current", keep);
        network = traffic == null ? null : open(traffic, keep);
    }

    /** The container's files; null where processors, memory, or traffic that it has cannot be read. */
    static @Nullable KernelReader open(
            KernelCounters owner, Cgroups groups, @Nullable Path traffic, long hostBytes, boolean keep) {
        KernelReader reader = new KernelReader(owner, groups, traffic, hostBytes, keep);
        if (reader.cpuUsage == null || reader.memoryUsage == null || (traffic != null && reader.network == null)) {
            reader.closeFiles();
            return null;
        }
        return reader;
    }

    @Override
    public CounterWay way() {
        return CounterWay.KERNEL;
    }

    @Override
    public Counters read() {
        return read(null);
    }

    @Override
    public Counters readUse() {
        Known before = known;
        return read(before != null && System.nanoTime() - before.wholeAtNanos() < WHOLE_NANOS ? before : null);
    }

    private Counters read(@Nullable Known before) {
        if (closed) {
            throw new ContainerGoneException(containerId);
        }
        ScanBuffer buffer = owner.borrow();
        try {
            Counters counters = read(buffer, before == null ? null : before.counters());
            known = new Known(counters, before == null ? counters.atNanos() : before.wholeAtNanos());
            return counters;
        } catch (IOException e) {
            throw new ContainerGoneException(containerId);
        } finally {
            owner.giveBack(buffer);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            closeFiles();
            owner.closed();
        }
    }

    /** Reads all, or what may have changed since. */
    private Counters read(ScanBuffer buffer, @Nullable Counters since) throws IOException {
        long before = 0;
        long after = 0;
        for (int i = 0; i < CPU_TRIES && (i == 0 || after - before > CPU_READ_NANOS_MAX); i++) {
            before = System.nanoTime();
            fill(cpuUsage, buffer);
            after = System.nanoTime();
        }
        Cpu cpu = cpuUnified ? unifiedCpu(buffer) : cpu(buffer, since == null ? null : since.cpu());
        fill(memoryUsage, buffer);
        long usage = buffer.only();
        if (usage < 0) {
            throw new IOException("memory is not counted");
        }
        boolean isIdle = since != null
                && cpu.usedNanos() == since.cpu().usedNanos()
                && usage == since.memory().usageBytes();
        Counters idle = isIdle ? since : null;
        return new Counters(
                before + (after - before) / 2,
                cpu,
                idle != null ? idle.memory() : memory(buffer, usage, since == null ? null : since.memory()),
                fill(network, buffer) ? traffic(buffer) : null,
                fill(block, buffer) ? (blockUnified ? unifiedBlock(buffer) : block(buffer)) : null,
                idle != null ? idle.pids() : fill(pids, buffer) ? buffer.only() : Counters.UNKNOWN);
    }

    private static Cpu unifiedCpu(ScanBuffer buffer) throws IOException {
        long used = buffer.value(USAGE_USEC);
        if (used < 0) {
            throw new IOException("processors are not counted");
        }
        return new Cpu(
                used * NANOS_PER_MICRO,
                times(buffer.value(USER_USEC), NANOS_PER_MICRO),
                times(buffer.value(SYSTEM_USEC), NANOS_PER_MICRO),
                buffer.value(NR_PERIODS),
                buffer.value(NR_THROTTLED),
                times(buffer.value(THROTTLED_USEC), NANOS_PER_MICRO),
                Counters.UNKNOWN);
    }

    private Cpu cpu(ScanBuffer buffer, @Nullable Cpu since) throws IOException {
        long used = buffer.only();
        if (used < 0) {
            throw new IOException("processors are not counted");
        }
        if (since != null) {
            return new Cpu(
                    used,
                    since.userNanos(),
                    since.systemNanos(),
                    since.periods(),
                    since.throttledPeriods(),
                    since.throttledNanos(),
                    Counters.UNKNOWN);
        }
        boolean parts = fill(cpuParts, buffer);
        long user = parts ? times(buffer.value(USER), TICK_NANOS) : Counters.UNKNOWN;
        long system = parts ? times(buffer.value(SYSTEM), TICK_NANOS) : Counters.UNKNOWN;
        boolean quota = fill(cpuQuota, buffer);
        return new Cpu(
                used,
                user,
                system,
                quota ? buffer.value(NR_PERIODS) : Counters.UNKNOWN,
                quota ? buffer.value(NR_THROTTLED) : Counters.UNKNOWN,
                quota ? buffer.value(THROTTLED_TIME) : Counters.UNKNOWN,
                Counters.UNKNOWN);
    }

    private Memory memory(ScanBuffer buffer, long usage, @Nullable Memory since) throws IOException {
        boolean stat = fill(memoryStat, buffer);
        long cache = stat ? buffer.value(memoryUnified ? FILE : TOTAL_CACHE) : Counters.UNKNOWN;
        long rss = stat ? buffer.value(memoryUnified ? ANON : TOTAL_RSS) : Counters.UNKNOWN;
        long inactive = stat ? buffer.value(memoryUnified ? INACTIVE_FILE : TOTAL_INACTIVE_FILE) : Counters.UNKNOWN;
        long kills = fill(memoryEvents, buffer) ? buffer.value(OOM_KILL) : Counters.UNKNOWN;
        return new Memory(
                usage, inactive, cache, rss, since == null ? limit(buffer) : since.limitBytes(), hostBytes, kills);
    }

    /** 0 where there is none. */
    private long limit(ScanBuffer buffer) throws IOException {
        long limit = fill(memoryLimit, buffer) ? buffer.only() : Counters.UNKNOWN;
        boolean limited = limit > 0 && limit < NO_LIMIT && (hostBytes <= 0 || limit < hostBytes);
        return limited ? limit : 0;
    }

    /** Two lines of headings, then {@code name: 8 numbers received 8 numbers sent}. */
    private static Network traffic(ScanBuffer buffer) {
        long[] sums = new long[8];
        buffer.nextLine();
        buffer.nextLine();
        while (buffer.hasMore()) {
            buffer.skipBlanks();
            if (!buffer.startsWith(LOOPBACK) && buffer.skipPast(':')) {
                addFour(sums, 0, buffer);
                for (int i = 0; i < 4; i++) {
                    buffer.number();
                }
                addFour(sums, 4, buffer);
            }
            buffer.nextLine();
        }
        return new Network(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7]);
    }

    private static void addFour(long[] sums, int from, ScanBuffer buffer) {
        for (int i = from; i < from + 4; i++) {
            sums[i] += Math.max(0, buffer.number());
        }
    }

    /** {@code 8:0 Read 4096}. */
    private static Block block(ScanBuffer buffer) {
        long read = 0;
        long written = 0;
        buffer.rewind();
        while (buffer.hasMore()) {
            buffer.skipWord();
            buffer.skipBlanks();
            if (buffer.startsWith(READ)) {
                buffer.skipWord();
                read += Math.max(0, buffer.number());
            } else if (buffer.startsWith(WRITE)) {
                buffer.skipWord();
                written += Math.max(0, buffer.number());
            }
            buffer.nextLine();
        }
        return new Block(read, written);
    }

    /** {@code 8:0 rbytes=4096 wbytes=0 rios=1 …}. */
    private static Block unifiedBlock(ScanBuffer buffer) {
        long read = 0;
        long written = 0;
        buffer.rewind();
        while (buffer.hasMore()) {
            buffer.skipWord();
            while (!buffer.atLineEnd()) {
                buffer.skipBlanks();
                boolean reads = buffer.startsWith(RBYTES);
                if (reads || buffer.startsWith(WBYTES)) {
                    buffer.skipPast('=');
                    long bytes = Math.max(0, buffer.number());
                    read += reads ? bytes : 0;
                    written += reads ? 0 : bytes;
                } else {
                    buffer.skipWord();
                }
            }
            buffer.nextLine();
        }
        return new Block(read, written);
    }

    private static boolean fill(@Nullable KernelFile file, ScanBuffer buffer) throws IOException {
        if (file == null) {
            return false;
        }
        file.read(buffer);
        return true;
    }

    private static long times(long value, long factor) {
        return value < 0 ? Counters.UNKNOWN : value * factor;
    }

    private @Nullable KernelFile open(Cgroups.@Nullable Folder folder, String name, boolean keep) {
        return folder == null ? null : open(folder.path().resolve(name), keep);
    }

    private @Nullable KernelFile open(Path path, boolean keep) {
        KernelFile file = KernelFile.openIfPresent(path, keep);
        if (file != null) {
            all.add(file);
        }
        return file;
    }

    private void closeFiles() {
        all.forEach(KernelFile::close);
    }

    static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
