package io.spyhop.metrics.store;

import io.spyhop.contracts.metric.Sample;
import io.spyhop.contracts.metric.Usage;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * A sample as its row has it. Immutable.
 *
 * @param day of its slot, in UTC
 */
record StoredSample(
        InstanceKey key,
        InstanceFacts facts,
        Instant slot,
        LocalDate day,
        boolean memLimited,
        float memUsedMb,
        float memLimitMb,
        @Nullable Float cpuPct,
        @Nullable Float netRxRate,
        @Nullable Float netTxRate,
        @Nullable Float blockReadRate,
        @Nullable Float blockWriteRate,
        @Nullable Integer pids) {
    /** Which instance it is of. */
    record InstanceKey(String workload, String container) implements Comparable<InstanceKey> {
        @Override
        public int compareTo(InstanceKey other) {
            int byWorkload = workload.compareTo(other.workload);
            return byWorkload == 0 ? container.compareTo(other.container) : byWorkload;
        }
    }

    /** What else is known of that instance. */
    record InstanceFacts(String org, @Nullable String project, String host, int index, int intervalSeconds) {}

    /**
     * Checks everything, since one row that the database refuses holds up all others.
     *
     * @throws IllegalArgumentException where the sample can never be stored
     */
    static StoredSample of(Sample sample, Instant now) {
        Usage usage = given(sample.usage(), "usage");
        Instant slot = given(sample.slot(), "slot");
        check(slot.getNano() == 0 && slot.getEpochSecond() >= 0, "slot");
        check(slot.isBefore(now.plus(StoreLimits.FUTURE_MAX)), "slot");
        check(
                sample.intervalSeconds() >= 1 && sample.intervalSeconds() <= StoreLimits.INTERVAL_SECONDS_MAX,
                "interval");
        check(sample.index() >= 0, "index");
        String project = sample.project();
        return new StoredSample(
                new InstanceKey(given(sample.workload(), "workload").value(), text(sample.containerId(), "container")),
                new InstanceFacts(
                        text(sample.org(), "org"),
                        project == null ? null : text(project, "project"),
                        text(sample.host(), "host"),
                        sample.index(),
                        sample.intervalSeconds()),
                slot,
                LocalDate.ofInstant(slot, ZoneOffset.UTC),
                usage.memLimited(),
                value(usage.memUsedMb(), "memUsedMb"),
                value(usage.memLimitMb(), "memLimitMb"),
                orNull(usage.cpuPct(), "cpuPct"),
                orNull(usage.netRxRate(), "netRxRate"),
                orNull(usage.netTxRate(), "netTxRate"),
                orNull(usage.blockReadRate(), "blockReadRate"),
                orNull(usage.blockWriteRate(), "blockWriteRate"),
                count(usage.pids()));
    }

    private static <T> T given(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException("the sample has no " + name);
        }
        return value;
    }

    private static String text(@Nullable String text, String name) {
        String present = given(text, name);
        check(!present.isEmpty() && present.length() <= StoreLimits.TEXT_MAX && present.indexOf('\0') < 0, name);
        return present;
    }

    private static @Nullable Float orNull(@Nullable Double value, String name) {
        return value == null ? null : value(value, name);
    }

    private static float value(double value, String name) {
        float stored = (float) value;
        check(Float.isFinite(stored) && stored >= 0, name);
        return stored;
    }

    private static @Nullable Integer count(@Nullable Long pids) {
        check(pids == null || (pids >= 0 && pids <= Integer.MAX_VALUE), "pids");
        return pids == null ? null : pids.intValue();
    }

    private static void check(boolean right, String name) {
        if (!right) {
            throw new IllegalArgumentException("the sample's " + name + " cannot be");
        }
    }
}
