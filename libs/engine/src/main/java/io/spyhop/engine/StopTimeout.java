package io.spyhop.engine;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a program that is asked to end has for it, as a label of its container says. */
public final class StopTimeout {
    /** A number of seconds, or one with {@code ms}, {@code s} or {@code m} behind it. */
    public static final String LABEL = "spyhop.stop.timeout";

    /** A label that asks for more is taken to mean this: longer than anybody waits for a stop. */
    private static final Duration MAX = Duration.ofMinutes(30);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,6})(ms|s|m)?");

    private StopTimeout() {}

    /** What the label says; empty where there is none, or none that can be read. */
    public static Optional<Duration> of(Map<String, String> labels) {
        Matcher matcher = TEXT.matcher(labels.getOrDefault(LABEL, "").strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        Duration asked = switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofSeconds(amount);
        };
        return Optional.of(asked.compareTo(MAX) > 0 ? MAX : asked);
    }
}
