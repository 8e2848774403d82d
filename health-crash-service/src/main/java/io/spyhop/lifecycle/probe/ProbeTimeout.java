package io.spyhop.lifecycle.probe;

import io.spyhop.contracts.setting.PositiveDuration;
import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/** How long an answer may take: from {@code 100ms} to {@code 30s}. */
public final class ProbeTimeout implements Converter<Duration> {
    private static final long serialVersionUID = 1;

    @Override
    public Duration convert(String text) {
        Duration time = new PositiveDuration().convert(text);
        if (time.compareTo(ProbeLimits.TIMEOUT_MIN) < 0 || time.compareTo(ProbeLimits.TIMEOUT_MAX) > 0) {
            throw new IllegalArgumentException("not a time from 100ms to 30s");
        }
        return time;
    }
}
