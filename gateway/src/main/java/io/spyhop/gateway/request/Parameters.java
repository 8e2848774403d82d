package io.spyhop.gateway.request;

import io.spyhop.contracts.problem.SpyhopException;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The query of a request, read strictly: a name that is not known here, one given twice, and a value that is not as it
 * should be are told by name. Immutable.
 */
public final class Parameters {
    /** Text of more is not searched for. */
    private static final int TEXT_LENGTH_MAX = 1000;

    private static final String SEVERAL = "+";

    private static final Pattern AGO = Pattern.compile("([0-9]{1,5})([smhd])");

    /** What databases can keep, and more than anybody means. */
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    private static final String TIME = "a time such as 2026-01-31T12:00:00Z";

    private final MultiMap query;

    private Parameters(MultiMap query) {
        this.query = query;
    }

    /**
     * The query of a request.
     *
     * @param known the only names that may be in it; one that ends in {@code *} stands for all that begin so, one that ends
     *     in {@code +} may be given several times
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    public static Parameters of(RoutingContext context, String... known) {
        MultiMap query = context.queryParams();
        List<String> names = Arrays.asList(known);
        for (String name : new TreeSet<>(query.names())) {
            if (!isKnown(name, names)) {
                throw SpyhopException.parameter(
                        shown(name),
                        known.length == 0
                                ? "no parameters are known here"
                                : "known here: "
                                        + names.stream()
                                                .map(each -> each.replace(SEVERAL, ""))
                                                .toList());
            }
            if (query.getAll(name).size() > 1 && !names.contains(name + SEVERAL)) {
                throw SpyhopException.parameter(name, "given more than once");
            }
        }
        return new Parameters(query);
    }

    private static boolean isKnown(String name, List<String> known) {
        return known.stream()
                .anyMatch(each -> each.endsWith("*")
                        ? name.length() >= each.length() && name.startsWith(each.substring(0, each.length() - 1))
                        : each.equals(name) || each.equals(name + SEVERAL));
    }

    /** Whether it is given, be it empty. */
    public boolean has(String name) {
        return query.contains(name);
    }

    /** The values of all names that begin so, by what follows. */
    public Map<String, String> beginning(String prefix) {
        Map<String, String> values = new TreeMap<>();
        for (String name : query.names()) {
            if (name.length() > prefix.length() && name.startsWith(prefix)) {
                values.put(name.substring(prefix.length()), query.get(name));
            }
        }
        return values;
    }

    /** A text; an empty one counts as none. */
    public Optional<String> text(String name) {
        String value = query.get(name);
        if (value == null || value.isEmpty()) {
            return Optional.empty();
        }
        if (value.length() > TEXT_LENGTH_MAX) {
            throw SpyhopException.parameter(name, "at most " + TEXT_LENGTH_MAX + " characters");
        }
        return Optional.of(value);
    }

    /** What stands between commas, of all times that a name is given; an empty text counts as none. */
    public List<String> list(String name, int max) {
        List<String> values = query.getAll(name).stream()
                .filter(text -> !text.isEmpty())
                .flatMap(text -> Arrays.stream(text.split(",", max + 1)))
                .limit(max + 1L)
                .toList();
        if (values.size() > max) {
            throw SpyhopException.parameter(name, "at most " + max + " of them");
        }
        return values;
    }

    /** True, false, or none. */
    public Optional<Boolean> flag(String name) {
        return text(name).map(value -> switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw SpyhopException.parameter(name, "true or false");
        });
    }

    /** A whole number of a range. */
    public OptionalInt number(String name, int min, int max) {
        OptionalLong number = longNumber(name, min, max);
        return number.isPresent() ? OptionalInt.of(Math.toIntExact(number.getAsLong())) : OptionalInt.empty();
    }

    /** A line's number, 0 for before the first. */
    public OptionalLong lineNumber(String name) {
        return longNumber(name, 0, Long.MAX_VALUE);
    }

    /** A time, or a duration such as {@code 15m} for the time that was so long ago. */
    public Optional<Instant> time(String name, Instant now) {
        return text(name).map(value -> {
            Duration ago = ago(value);
            return ago == null ? instant(name, value) : now.minus(ago);
        });
    }

    /** How long: a duration such as {@code 15m}, longer than none. */
    public Optional<Duration> duration(String name) {
        return text(name).map(value -> {
            Duration duration = ago(value);
            if (duration == null || duration.isZero()) {
                throw SpyhopException.parameter(name, "a duration such as 30s, 15m, 12h or 7d");
            }
            return duration;
        });
    }

    private static @Nullable Duration ago(String value) {
        Matcher ago = AGO.matcher(value);
        if (!ago.matches()) {
            return null;
        }
        long count = Long.parseLong(ago.group(1));
        return switch (ago.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    /**
     * Reads a time that is a part of a value.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    public static Instant instant(String name, String value) {
        try {
            Instant instant = Instant.parse(value);
            if (!instant.isBefore(Instant.EPOCH) && instant.isBefore(LATEST)) {
                return instant;
            }
        } catch (DateTimeParseException e) {
            throw SpyhopException.parameter(name, TIME);
        }
        throw SpyhopException.parameter(name, TIME);
    }

    /** One of a closed set of names. */
    public <T> Optional<T> name(String name, Function<String, T> parse) {
        return text(name).map(value -> {
            try {
                return parse.apply(value);
            } catch (IllegalArgumentException e) {
                throw SpyhopException.parameter(name, "not a known " + name);
            }
        });
    }

    /** Whether one of these is given. */
    public static boolean anyOf(RoutingContext context, String... names) {
        return Arrays.stream(names).anyMatch(context.queryParams()::contains);
    }

    private OptionalLong longNumber(String name, long min, long max) {
        String value = query.get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(number(name, value, min, max));
    }

    /**
     * Reads a number that came by another way than the query.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID}
     */
    public static long number(String name, String value, long min, long max) {
        String wanted =
                max == Long.MAX_VALUE ? "a whole number from " + min : "a whole number from " + min + " to " + max;
        boolean digits =
                !value.isEmpty() && value.length() <= 19 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            throw SpyhopException.parameter(name, wanted);
        }
        try {
            long number = Long.parseLong(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw SpyhopException.parameter(name, wanted);
        }
        throw SpyhopException.parameter(name, wanted);
    }

    private static String shown(String name) {
        return name.length() <= 64 ? name : name.substring(0, 64) + "…";
    }
}
