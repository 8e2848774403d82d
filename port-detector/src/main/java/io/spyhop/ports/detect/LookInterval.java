package io.spyhop.ports.detect;

import io.spyhop.contracts.setting.PositiveDuration;
import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;
import org.jspecify.annotations.Nullable;

/** A time between looks: from 1s to 1h, such as {@code 2s} or {@code 1m}. */
public final class LookInterval implements Converter<Duration> {
    private static final long serialVersionUID = 1;

    @Override
    public Duration convert(String text) {
        Duration interval;
        try {
            interval = new PositiveDuration().convert(text);
        } catch (IllegalArgumentException e) {
            throw refusal(e);
        }
        if (interval.compareTo(DetectLimits.INTERVAL_MIN) < 0 || interval.compareTo(DetectLimits.INTERVAL_MAX) > 0) {
            throw refusal(null);
        }
        return interval;
    }

    private static IllegalArgumentException refusal(@Nullable Exception cause) {
        return new IllegalArgumentException("not a time from 1s to 1h, such as 2s or 1m", cause);
    }
}
