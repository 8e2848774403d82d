package io.spyhop.logs.compaction;

import io.spyhop.logs.LogLimits;
import java.util.ArrayList;
import java.util.List;

/**
 * Which chunks become one, and what that one is. Chunks of all classes are merged in the order of their numbers, so that
 * ranges of numbers stay apart and ascending, and readers need not merge.
 *
 * <p>Adjacent small chunks are merged as soon as they fill a large one. What does not fill one waits until there are many
 * of about the same size: then each merge at least doubles what it touches, and a byte is written again only as often as
 * the logarithm of what is there.
 */
final class ChunkMerge {
    private ChunkMerge() {}

    /**
     * The groups to merge among small chunks that lie beside each other.
     *
     * @param small in ascending order
     * @param last whether nothing comes behind them yet
     */
    static List<List<Chunk>> plan(List<Chunk> small, boolean last) {
        List<List<Chunk>> groups = new ArrayList<>();
        int start = 0;
        long bytes = 0;
        for (int i = 0; i < small.size(); i++) {
            bytes += small.get(i).rawBytes();
            if (bytes >= LogLimits.COMPACTED_RAW_BYTES) {
                groups.add(small.subList(start, i + 1));
                start = i + 1;
                bytes = 0;
            }
        }
        List<Chunk> rest = small.subList(start, small.size());
        if (!last && rest.size() > 1) {
            // Nothing will ever come between.
            groups.add(rest);
        } else if (rest.size() >= LogLimits.COMPACTED_CHUNKS_MIN) {
            worthwhile(rest, groups);
        }
        return groups;
    }

    /** The longest part up to the newest chunk in which no chunk is larger than all the others together. */
    private static void worthwhile(List<Chunk> rest, List<List<Chunk>> groups) {
        int start = rest.size();
        long bytes = 0;
        long largest = 0;
        for (int i = rest.size() - 1; i >= 0; i--) {
            bytes += rest.get(i).rawBytes();
            largest = Math.max(largest, rest.get(i).rawBytes());
            if (largest * 2 <= bytes) {
                start = i;
            }
        }
        if (rest.size() - start >= LogLimits.COMPACTED_CHUNKS_MIN) {
            groups.add(rest.subList(start, rest.size()));
        }
    }

    /** The chunk that holds all lines of adjacent ones. */
    static Chunk merged(List<Chunk> group) {
        Chunk first = group.getFirst();
        long firstAt = Long.MAX_VALUE;
        long lastAt = Long.MIN_VALUE;
        short retentionClass = first.retentionClass();
        int lineCount = 0;
        int rawBytes = 0;
        for (Chunk each : group) {
            firstAt = Math.min(firstAt, each.firstAt());
            lastAt = Math.max(lastAt, each.lastAt());
            retentionClass = retentionClass == each.retentionClass() ? retentionClass : Chunk.MIXED;
            lineCount += each.lineCount();
            rawBytes += each.rawBytes();
        }
        return new Chunk(
                first.workload(),
                first.firstLine(),
                group.getLast().lastLine(),
                firstAt,
                lastAt,
                retentionClass,
                lineCount,
                rawBytes);
    }
}
