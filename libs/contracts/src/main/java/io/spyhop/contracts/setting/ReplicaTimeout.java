package io.spyhop.contracts.setting;

import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/** How long a replica may be silent: {@code 6s} to {@code 30m}, what brokers allow members of groups by default. */
public final class ReplicaTimeout implements Converter<Duration> {
    private static final long serialVersionUID = 1;
    private static final Duration MIN = Duration.ofSeconds(6);
    private static final Duration MAX = Duration.ofMinutes(30);

    @Override
    public Duration convert(String text) {
        Duration time = new PositiveDuration().convert(text);
        if (time.compareTo(MIN) < 0 || time.compareTo(MAX) > 0) {
            throw new IllegalArgumentException("not a time from 6s to 30m, such as 15s");
        }
        return time;
    }
}
