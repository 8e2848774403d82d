package io.spyhop.messaging;

import java.util.TreeMap;

/**
 * Which records of one companion partition were delivered and not acknowledged, and so up to where the partition may be
 * committed. Acknowledgements come in any order, from any thread, more than once. Thread-safe.
 */
final class OutstandingOffsets {
    /** What is outstanding. */
    record Weight(int records, long bytes) {}

    private final TreeMap<Long, Integer> bytesByOffset = new TreeMap<>();
    private long next = -1;
    private long bytes;

    /** A record is about to be delivered. */
    synchronized void delivered(long offset, int recordBytes) {
        Integer before = bytesByOffset.put(offset, recordBytes);
        bytes += recordBytes - (before == null ? 0 : before);
        next = offset + 1;
    }

    /** A record has taken effect. */
    synchronized void done(long offset) {
        Integer freed = bytesByOffset.remove(offset);
        if (freed != null) {
            bytes -= freed;
        }
    }

    /** Where a successor has to begin: the first outstanding record, or after the last one; -1 before any. */
    synchronized long committable() {
        return bytesByOffset.isEmpty() ? next : bytesByOffset.firstKey();
    }

    /** Where this replica reads on; -1 before any record. */
    synchronized long next() {
        return next;
    }

    synchronized Weight outstanding() {
        return new Weight(bytesByOffset.size(), bytes);
    }
}
