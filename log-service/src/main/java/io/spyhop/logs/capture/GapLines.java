package io.spyhop.logs.capture;

import io.spyhop.contracts.log.GapSpan;
import io.spyhop.engine.LogGap;
import io.spyhop.logs.number.StreamCursor;
import io.spyhop.logs.number.StreamPosition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is missing between the lines of one container, each hole told once, before the line that follows it. A hole is
 * known before that line, and forgotten where it lies among lines that are stored already: it was told then.
 *
 * <p>Gap lines have a position of their own, beside that of the transitions' lines, which rise in time: a hole may be
 * older than a transition that is already written, and newer than one that is still to be. Its time is that of the line
 * that follows; a gap with the time of the last stored gap is that one, stored without the line. Used by the container's
 * reader only.
 */
final class GapLines {
    /** The stored line at which reading resumes is no longer there; only then, and only here, can that be noticed. */
    private static final String POSSIBLE = "possible";

    private final StreamCursor cursor;

    private @Nullable LogGap found;
    private boolean byApi;
    private long provenAt;
    private long lineAt;

    /** A gap in words. */
    record Gap(long atNanos, String text, String fields) {}

    GapLines(StreamPosition stored) {
        this.cursor = new StreamCursor(stored);
    }

    /** By what name the position of gap lines is stored. */
    static String positionOf(String containerId) {
        return containerId + "/gap";
    }

    /** Where gap lines stand. */
    StreamCursor cursor() {
        return cursor;
    }

    /**
     * The log is opened, from the last stored line if there is one: until that comes, what comes may follow a hole.
     *
     * @param lastAt the time of that line; 0 for none
     * @param gone whether it is known that it is no longer there
     */
    void opened(boolean api, long lastAt, boolean gone) {
        byApi = api;
        found = null;
        lineAt = lastAt;
        provenAt = lastAt == 0 ? Long.MAX_VALUE : gone ? Long.MIN_VALUE : lastAt;
    }

    /** Lines are missing before the next line. */
    void found(LogGap gap) {
        LogGap former = found;
        found = former == null || former.reason() != gap.reason()
                ? gap
                : new LogGap(
                        gap.reason(),
                        former.fromNanos(),
                        former.bytes() + gap.bytes(),
                        former.entries() + gap.entries());
        provenAt = Long.MAX_VALUE;
    }

    /** A line came that is stored already. */
    void repeated(long atNanos) {
        found = null;
        provenAt = Long.MAX_VALUE;
        lineAt = atNanos;
    }

    /** A new line is about to be appended; the gap to tell before it, if there is one. */
    @Nullable
    Gap before(long atNanos) {
        Gap gap = null;
        if (found != null) {
            gap = tell(found, atNanos);
            found = null;
        } else if (atNanos > provenAt) {
            provenAt = Long.MAX_VALUE;
            gap = tell(
                    byApi ? POSSIBLE : "removed",
                    byApi
                            ? "possible: the engine no longer has the last line that was read"
                            : "the log no longer has the last line that was read",
                    lineAt,
                    atNanos,
                    atNanos,
                    byApi ? ",\"possible\":true" : "");
        }
        lineAt = atNanos;
        return gap;
    }

    /** The log has ended; the gap to tell, if no line came after it. */
    @Nullable
    Gap atEnd() {
        LogGap last = found;
        found = null;
        return last == null || lineAt == 0 ? null : tell(last, lineAt);
    }

    /** Nothing of a life can be read. */
    @Nullable
    Gap unreadable(long lifeNanos) {
        return tell("unreadable", "the log driver cannot be read", lifeNanos, lifeNanos, lifeNanos, "");
    }

    /** Entries of a source that were no longer on their topic when they were to be read. */
    static Gap expired(long fromNanos, long toNanos, long entries) {
        return gap(
                "expired",
                "lines were not taken before their topic let go of them",
                fromNanos,
                toNanos,
                toNanos,
                ",\"entries\":" + entries);
    }

    private @Nullable Gap tell(LogGap gap, long toNanos) {
        long from = gap.fromNanos() > 0 ? gap.fromNanos() : lineAt > 0 ? lineAt : toNanos;
        String counts = (gap.bytes() > 0 ? ",\"bytes\":" + gap.bytes() : "")
                + (gap.entries() > 0 ? ",\"entries\":" + gap.entries() : "");
        return switch (gap.reason()) {
            case ROTATED -> tell("rotated", "the log was rotated before it was read", from, toNanos, toNanos, counts);
            case EMPTIED ->
                tell(
                        "emptied",
                        "possible: the log was emptied, perhaps before it was read",
                        from,
                        toNanos,
                        toNanos,
                        counts + ",\"possible\":true");
            case BROKEN -> tell("broken", "the log has entries that cannot be read", from, toNanos, toNanos, counts);
            case BACKFILL ->
                tell("backfill", "older lines are not read at first sight", from, toNanos, toNanos, counts);
        };
    }

    private @Nullable Gap tell(String reason, String words, long from, long to, long atNanos, String more) {
        return atNanos == cursor.lastAt() ? null : gap(reason, words, from, to, atNanos, more);
    }

    private static Gap gap(String reason, String words, long from, long to, long atNanos, String more) {
        GapSpan span = GapSpan.of(Instant.ofEpochSecond(0, from), Instant.ofEpochSecond(0, to));
        String fields =
                "{\"from\":\"%s\",\"to\":\"%s\",\"reason\":\"%s\"%s}".formatted(span.from(), span.to(), reason, more);
        return new Gap(atNanos, span.text(words), fields);
    }
}
