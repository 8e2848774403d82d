package io.spyhop.engine;

import org.jspecify.annotations.Nullable;

/**
 * What was counted of one life of one container up to a moment. What is not known is {@link #UNKNOWN}, or null where a
 * whole part is missing; never zero. Immutable.
 *
 * @param atNanos when, by {@link System#nanoTime}
 * @param network of all interfaces but loopback; null where the container has no network of its own
 * @param block null where the kernel does not count it
 * @param pids processes and threads
 */
public record Counters(
        long atNanos,
        Cpu cpu,
        Memory memory,
        @Nullable Network network,
        @Nullable Block block,
        long pids) {
    /** A number that nobody knows. */
    public static final long UNKNOWN = -1;

    /**
     * Time on processors.
     *
     * @param usedNanos known in every reading
     * @param periods how often its quota was looked at
     * @param throttledPeriods how often it was used up
     * @param cpus how many processors the engine says there are
     */
    public record Cpu(
            long usedNanos,
            long userNanos,
            long systemNanos,
            long periods,
            long throttledPeriods,
            long throttledNanos,
            long cpus) {}

    /**
     * Memory.
     *
     * @param usageBytes what the kernel charges, known in every reading
     * @param inactiveFileBytes the part of it that the kernel can drop at once
     * @param limitBytes 0 where no limit is set
     * @param hostBytes what the machine has
     * @param oomKills how often the kernel killed for want of it
     */
    public record Memory(
            long usageBytes,
            long inactiveFileBytes,
            long cacheBytes,
            long rssBytes,
            long limitBytes,
            long hostBytes,
            long oomKills) {
        /** What is used and cannot be dropped at once. */
        public long workingSetBytes() {
            return Math.max(0, usageBytes - Math.max(0, inactiveFileBytes));
        }
    }

    /** Traffic, received and sent. */
    public record Network(
            long rxBytes,
            long rxPackets,
            long rxErrors,
            long rxDropped,
            long txBytes,
            long txPackets,
            long txErrors,
            long txDropped) {}

    /** What was read from block devices and written to them. */
    public record Block(long readBytes, long writeBytes) {}
}
