package io.spyhop.gateway.request;

import io.spyhop.contracts.log.LineFilter;
import io.spyhop.contracts.log.LineMatcher;
import io.spyhop.contracts.log.Stream;
import io.spyhop.contracts.problem.SpyhopException;
import io.vertx.core.Context;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The parameters that say which lines are wanted: the same on pages, streams, downloads and in searches. */
public final class LineParameters {
    /** Values of a list: more than there are levels. */
    private static final int LIST_MAX = 20;

    private static final int FIELD_LENGTH_MAX = 200;
    private static final String FIELDS = "fields.";
    private static final Pattern LEVEL = Pattern.compile("[a-z0-9_-]{1,32}");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    private static final String[] FILTER = {"stream", "level", "q", "regex", FIELDS + "*"};

    private LineParameters() {}

    /** Where a range begins or ends. */
    public sealed interface Bound {
        /** At a line. */
        record Line(long lineNo) implements Bound {}

        /** At a time, nanoseconds since the epoch. */
        record Time(long nanos) implements Bound {}
    }

    /** The names of a filter, and more. */
    public static String[] with(String... more) {
        String[] names = Arrays.copyOf(FILTER, FILTER.length + more.length);
        System.arraycopy(more, 0, names, FILTER.length, more.length);
        return names;
    }

    /**
     * Reads the filter: of any time. What it is used for must be made by {@link LineMatcher#of}, which tells what is wrong
     * with it.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    public static LineFilter filter(Parameters parameters) {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException("a pattern takes longer to compile than the event loop has");
        }
        return new LineFilter(
                list(
                                parameters,
                                "stream",
                                name -> Arrays.stream(Stream.values())
                                        .anyMatch(stream -> stream.wire().equals(name)))
                        .stream()
                        .map(name -> Stream.valueOf(name.toUpperCase(Locale.ROOT)))
                        .collect(Collectors.toSet()),
                list(parameters, "level", LEVEL.asMatchPredicate()),
                parameters.text("q").orElse(null),
                parameters.text("regex").orElse(null),
                fields(parameters),
                null,
                null);
    }

    /** Reads whether escape sequences of terminals are to be left out. */
    public static boolean strip(Parameters parameters) {
        return parameters
                .text("strip")
                .map(value -> {
                    if (!value.equals("ansi")) {
                        throw SpyhopException.parameter("strip", "only ansi is known");
                    }
                    return true;
                })
                .orElse(false);
    }

    /** Reads where a range begins or ends: a bare whole number is a line's, anything else a time. */
    public static Optional<Bound> bound(Parameters parameters, String name, Instant now) {
        Optional<String> text = parameters.text(name);
        if (text.isEmpty() && parameters.has(name)) {
            throw SpyhopException.parameter(name, "a line's number, a time, or a duration such as 15m");
        }
        return text.map(value -> {
            if (DIGITS.matcher(value).matches()) {
                return new Bound.Line(Parameters.number(name, value, 0, Long.MAX_VALUE));
            }
            return new Bound.Time(
                    parameters.time(name, now).map(LineParameters::nanos).orElseThrow());
        });
    }

    /** Reads a time. */
    public static OptionalLong time(Parameters parameters, String name, Instant now) {
        Optional<Instant> time = parameters.time(name, now);
        return time.isPresent() ? OptionalLong.of(nanos(time.get())) : OptionalLong.empty();
    }

    /** Nanoseconds since the epoch; where they end, the end. */
    public static long nanos(Instant at) {
        long seconds = Math.min(at.getEpochSecond(), Long.MAX_VALUE / 1_000_000_000L - 1);
        return seconds * 1_000_000_000L + at.getNano();
    }

    private static Map<String, String> fields(Parameters parameters) {
        Map<String, String> fields = new TreeMap<>(parameters.beginning(FIELDS));
        fields.forEach((path, value) -> {
            if (path.length() > FIELD_LENGTH_MAX || value.length() > LineFilter.TEXT_LENGTH_MAX) {
                throw SpyhopException.parameter(
                        FIELDS + path.substring(0, Math.min(path.length(), 50)), "too long a name or value");
            }
        });
        if (fields.size() > LineFilter.FIELDS_MAX) {
            throw SpyhopException.parameter(
                    FIELDS + fields.keySet().iterator().next(), "at most " + LineFilter.FIELDS_MAX + " fields");
        }
        return fields;
    }

    private static Set<String> list(Parameters parameters, String name, Predicate<String> valid) {
        String text = parameters.text(name).orElse("");
        if (text.isEmpty()) {
            return Set.of();
        }
        String[] values = text.split(",", -1);
        if (values.length > LIST_MAX) {
            throw SpyhopException.parameter(name, "at most " + LIST_MAX + " of them");
        }
        for (String value : values) {
            if (!valid.test(value)) {
                throw SpyhopException.parameter(name, "not a known " + name);
            }
        }
        return Set.copyOf(Arrays.asList(values));
    }
}
