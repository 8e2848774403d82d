package io.spyhop.metrics.sample;

import io.spyhop.contracts.metric.Usage;
import io.spyhop.engine.Counters;
import io.spyhop.engine.Counters.Block;
import io.spyhop.engine.Counters.Network;
import org.jspecify.annotations.Nullable;

/**
 * What two readings of one life mean. Whatever cannot be known is null: rates without an earlier reading, or with one that
 * is too near, and a rate of a counter that went back, which another life or an interface that went away does.
 */
final class Usages {
    private static final double MIB = 1 << 20;
    private static final double NANOS = 1e9;
    private static final double PERCENT = 100;

    private Usages() {}

    static Usage of(@Nullable Reading before, Reading now) {
        Counters counters = now.counters();
        Counters earlier =
                before == null || now.nanosAfter(before) < SampleLimits.RATE_MIN.toNanos() ? null : before.counters();
        Network network = counters.network();
        Block block = counters.block();
        Network formerNetwork = earlier == null || network == null ? null : earlier.network();
        Block formerBlock = earlier == null || block == null ? null : earlier.block();
        double nanos = earlier == null ? 1 : counters.atNanos() - earlier.atNanos();
        double used = counters.memory().workingSetBytes();
        boolean limited = counters.memory().limitBytes() > 0;
        double limit = limited
                ? counters.memory().limitBytes()
                : Math.max(0, counters.memory().hostBytes());
        return new Usage(
                now.at(),
                earlier == null ? null : cpuPercent(earlier, counters, nanos),
                used / MIB,
                limit / MIB,
                limited,
                limit > 0 ? PERCENT * used / limit : 0,
                network == null ? null : known(network.rxBytes()),
                network == null ? null : known(network.txBytes()),
                formerNetwork == null || network == null
                        ? null
                        : rate(formerNetwork.rxBytes(), network.rxBytes(), nanos),
                formerNetwork == null || network == null
                        ? null
                        : rate(formerNetwork.txBytes(), network.txBytes(), nanos),
                block == null ? null : known(block.readBytes()),
                block == null ? null : known(block.writeBytes()),
                formerBlock == null || block == null ? null : rate(formerBlock.readBytes(), block.readBytes(), nanos),
                formerBlock == null || block == null ? null : rate(formerBlock.writeBytes(), block.writeBytes(), nanos),
                known(counters.pids()));
    }

    /** An engine's answer comes a while after its reading, so that a burst may seem to be more than there is. */
    private static @Nullable Double cpuPercent(Counters earlier, Counters now, double nanos) {
        long used = now.cpu().usedNanos() - earlier.cpu().usedNanos();
        if (used < 0) {
            return null;
        }
        double percent = PERCENT * used / nanos;
        long cpus = now.cpu().cpus();
        return cpus > 0 ? Math.min(percent, PERCENT * cpus) : percent;
    }

    private static @Nullable Double rate(long before, long now, double nanos) {
        return before < 0 || now < before ? null : (now - before) * NANOS / nanos;
    }

    private static @Nullable Long known(long number) {
        return number < 0 ? null : number;
    }
}
