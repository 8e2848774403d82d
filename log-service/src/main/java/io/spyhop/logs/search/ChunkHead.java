package io.spyhop.logs.search;

/**
 * A chunk without its rows.
 *
 * @param firstAt the earliest time of its lines, nanoseconds since the epoch
 * @param lastAt the latest
 * @param mayMatch false where its filter says that no row does
 */
record ChunkHead(
        String workload,
        long firstLine,
        long lastLine,
        long firstAt,
        long lastAt,
        int lineCount,
        int rawBytes,
        boolean mayMatch) {}
