package io.spyhop.contracts.trace;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Where in a trace something happens, after W3C Trace Context, level 1. Immutable. Spyhop keeps no spans: it passes on what
 * others began, and begins a trace where nobody did, so that rows of several services can be found by one id.
 *
 * @param traceId 32 lower-case hex digits, not all 0
 * @param parentId 16 lower-case hex digits, not all 0: whoever sends this on
 * @param sampled whether the caller may have recorded its part
 * @param state what other systems keep with the trace, passed on as it came; null where there is nothing
 */
public record TraceContext(
        String traceId,
        String parentId,
        boolean sampled,
        @Nullable String state) {
    /** The header that carries a trace, in HTTP and in records. */
    public static final String HEADER = "traceparent";

    /** The header that goes with it. */
    public static final String STATE_HEADER = "tracestate";

    /** How long the state may be to be passed on: as much as the specification asks for. */
    public static final int STATE_LENGTH_MAX = 512;

    private static final int TRACE_AT = 3;
    private static final int PARENT_AT = 36;
    private static final int FLAGS_AT = 53;
    private static final int LENGTH = 55;
    private static final int SAMPLED = 1;
    private static final HexFormat HEX = HexFormat.of();

    /**
     * Checks the ids.
     *
     * @throws IllegalArgumentException when one is none
     */
    public TraceContext {
        if (!isId(traceId, 32) || !isId(parentId, 16)) {
            throw new IllegalArgumentException("not the ids of a trace");
        }
    }

    /** A trace that begins here. */
    public static TraceContext begin() {
        return new TraceContext(id() + id(), id(), false, null);
    }

    /**
     * Reads what came with a request. Of several {@code traceparent} headers none counts; several {@code tracestate}
     * headers are one list.
     */
    public static Optional<TraceContext> parse(List<String> parents, List<String> states) {
        return parents.size() == 1
                ? parse(parents.getFirst(), states.isEmpty() ? null : String.join(",", states))
                : Optional.empty();
    }

    /** Reads a {@code traceparent} and its {@code tracestate}; empty where it is missing or wrong. Never throws. */
    public static Optional<TraceContext> parse(@Nullable String parent, @Nullable String state) {
        if (parent == null || parent.length() < LENGTH) {
            return Optional.empty();
        }
        String version = parent.substring(0, 2);
        // A later version may say more behind a dash; the first one says nothing more.
        boolean end = version.equals("00") ? parent.length() == LENGTH : isEnd(parent);
        boolean fields = isHex(version)
                && !version.equals("ff")
                && parent.charAt(TRACE_AT - 1) == '-'
                && parent.charAt(PARENT_AT - 1) == '-'
                && parent.charAt(FLAGS_AT - 1) == '-';
        if (!end || !fields) {
            return Optional.empty();
        }
        String traceId = parent.substring(TRACE_AT, PARENT_AT - 1);
        String parentId = parent.substring(PARENT_AT, FLAGS_AT - 1);
        String flags = parent.substring(FLAGS_AT, LENGTH);
        if (!isId(traceId, 32) || !isId(parentId, 16) || !isHex(flags)) {
            return Optional.empty();
        }
        boolean sampled = (HexFormat.fromHexDigits(flags) & SAMPLED) != 0;
        return Optional.of(new TraceContext(traceId, parentId, sampled, passable(state)));
    }

    /** The same trace, one call further. */
    public TraceContext child() {
        return new TraceContext(traceId, id(), sampled, state);
    }

    /** The value of {@link #HEADER}. */
    public String traceparent() {
        return "00-" + traceId + "-" + parentId + (sampled ? "-01" : "-00");
    }

    private static boolean isEnd(String parent) {
        return parent.length() == LENGTH || parent.charAt(LENGTH) == '-';
    }

    private static @Nullable String passable(@Nullable String state) {
        if (state == null || state.isBlank() || state.length() > STATE_LENGTH_MAX) {
            return null;
        }
        return state.chars().allMatch(c -> c >= ' ' && c <= '~') ? state : null;
    }

    private static boolean isId(String text, int length) {
        return text.length() == length && isHex(text) && text.chars().anyMatch(c -> c != '0');
    }

    private static boolean isHex(String text) {
        return text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    private static String id() {
        long random = 0;
        while (random == 0) {
            random = ThreadLocalRandom.current().nextLong();
        }
        return HEX.toHexDigits(random);
    }
}
