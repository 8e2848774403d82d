package io.spyhop.contracts.setting;

import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/** How often something is looked at: whole seconds from {@code 1s} to {@code 1h}. */
public final class Interval implements Converter<Duration> {
    /** More seldom nothing would be told in time, and averages would have holes. */
    public static final Duration MAX = Duration.ofHours(1);

    private static final long serialVersionUID = 1;

    @Override
    public Duration convert(String text) {
        Duration time;
        try {
            time = new PositiveDuration().convert(text);
        } catch (IllegalArgumentException e) {
            // Said below.
            time = Duration.ZERO;
        }
        if (time.toNanosPart() != 0 || time.isZero() || time.compareTo(MAX) > 0) {
            throw new IllegalArgumentException("not whole seconds from 1s to 1h, such as 10s or 5m");
        }
        return time;
    }
}
