package io.spyhop.gateway.search;

import io.spyhop.contracts.log.SearchPage;
import io.spyhop.contracts.log.SearchWindow;
import io.spyhop.gateway.request.LineParameters;
import io.spyhop.gateway.stream.Rows;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How far a search is, and what it has counted. Used by one thread. */
final class SearchState {
    private static final long SECOND = 1_000_000_000L;

    private final SearchRequest request;
    private final long[] counts;
    private long lines;
    private long bytes;
    private long before;
    private boolean complete;

    /** What was found in a window that is not examined to its end. */
    private @Nullable SearchPage part;

    /** A call has left out older rows, so that none of what is older still may follow. */
    private boolean cut;

    private int skipped;
    private int rows;
    private int rowsBytes;
    private String lastAt = "";
    private int lastAtRows;

    SearchState(SearchRequest request) {
        this.request = request;
        this.counts = new long[request.buckets()];
        this.before = request.from().beforeNanos();
    }

    /** Where to go on. */
    long before() {
        return before;
    }

    /** How many more rows are wanted. */
    int left() {
        boolean full = cut || rows >= request.limit() || rowsBytes >= SearchLimits.ROWS_BYTES_MAX;
        int toSkip = request.from().skip() - skipped;
        return full ? 0 : Math.min(request.limit() - rows + toSkip, SearchLimits.ROWS_MAX);
    }

    /** Whether the whole range was examined. */
    boolean isComplete() {
        return complete;
    }

    /** There is nothing to examine. */
    void finish() {
        complete = true;
    }

    /** The window that is not examined to its end; null where there is none. */
    @Nullable
    SearchWindow window() {
        return part == null ? null : part.window();
    }

    /** Adds what a call found; gives its rows but those that an earlier answer had. */
    byte[] add(SearchPage found) {
        SearchPage page = part == null ? found : WindowPages.merged(part, found, left());
        before = Math.min(before, page.throughNanos());
        part = page.window() == null ? null : page;
        if (part != null) {
            return new byte[0];
        }
        page.histogram().forEach((bucket, count) -> {
            if (bucket >= 0 && bucket < counts.length) {
                counts[bucket] += count;
            }
        });
        cut |= page.count() > 0 && page.count() < WindowPages.matched(page);
        lines += page.examinedLines();
        bytes += page.examinedBytes();
        complete = !page.more() || page.throughNanos() <= request.from().sinceNanos();
        byte[] ndjson = page.ndjson().getBytes(StandardCharsets.UTF_8);
        return rows(ndjson);
    }

    private byte[] rows(byte[] ndjson) {
        int kept = 0;
        for (int from = 0; from < ndjson.length; ) {
            int to = Rows.end(ndjson, from);
            int next = Math.min(to + 1, ndjson.length);
            String at = Rows.at(ndjson, from, to);
            lastAtRows = at.equals(lastAt) ? lastAtRows + 1 : 1;
            lastAt = at;
            if (skipped < request.from().skip() && nanos(at) == request.from().beforeNanos() - 1) {
                skipped++;
                kept = next;
            } else {
                rows++;
            }
            from = next;
        }
        rowsBytes += ndjson.length - kept;
        return Arrays.copyOfRange(ndjson, kept, ndjson.length);
    }

    /** Where the next answer begins; null at the end. */
    @Nullable
    SearchCursor next() {
        long since = request.from().sinceNanos();
        long until = request.from().untilNanos();
        boolean full = left() == 0 && rows > 0;
        if (!full) {
            return complete ? null : new SearchCursor(since, until, before, 0);
        }
        long matched = Arrays.stream(counts).sum() - skipped;
        if (complete && matched <= rows) {
            return null;
        }
        long last = nanos(lastAt);
        SearchCursor next = lastAtRows < SearchLimits.ROWS_MAX
                ? new SearchCursor(since, until, Math.min(last + 1, until), lastAtRows)
                : new SearchCursor(since, until, last, 0);
        return next.beforeNanos() > since ? next : null;
    }

    /** Histogram and what was examined, as members of a JSON object. */
    String members() {
        String buckets = Arrays.stream(counts).mapToObj(Long::toString).collect(Collectors.joining(","));
        return "\"histogram\":{\"from\":\"" + time(request.from().sinceNanos()) + "\",\"to\":\""
                + time(request.from().untilNanos()) + "\",\"stepSeconds\":" + request.stepNanos() / SECOND
                + ",\"counts\":[" + buckets + "]},\"examined\":{\"lines\":" + lines + ",\"bytes\":" + bytes + "}";
    }

    /** How the search ended, as members of a JSON object. */
    String ending() {
        SearchCursor next = next();
        return "\"complete\":" + complete + (next == null ? "" : ",\"next\":\"" + next.text() + "\"");
    }

    /** How far it is, as a member of a JSON object. */
    String through() {
        return "\"through\":\"" + time(before) + "\"";
    }

    private static Instant time(long nanos) {
        return Instant.ofEpochSecond(0, nanos);
    }

    private static long nanos(String at) {
        return LineParameters.nanos(Instant.parse(at));
    }
}
