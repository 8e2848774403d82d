package io.spyhop.metrics.sample;

import io.spyhop.contracts.setting.PositiveDuration;
import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;
import org.jspecify.annotations.Nullable;

/** A time between samples: whole seconds from 1s to 1h, such as {@code 10s} or {@code 5m}. */
public final class SampleInterval implements Converter<Duration> {
    private static final long serialVersionUID = 1;

    @Override
    public Duration convert(String text) {
        Duration interval;
        try {
            interval = new PositiveDuration().convert(text);
        } catch (IllegalArgumentException e) {
            throw refusal(e);
        }
        if (interval.toNanosPart() != 0
                || interval.compareTo(SampleLimits.INTERVAL_MIN) < 0
                || interval.compareTo(SampleLimits.INTERVAL_MAX) > 0) {
            throw refusal(null);
        }
        return interval;
    }

    private static IllegalArgumentException refusal(@Nullable Exception cause) {
        return new IllegalArgumentException("not whole seconds from 1s to 1h, such as 10s or 5m", cause);
    }
}
