package io.spyhop.lifecycle.probe;

import io.spyhop.contracts.setting.PositiveDuration;
import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/** How often a container is asked: whole seconds from {@code 1s} to {@code 1h}. */
public final class ProbeInterval implements Converter<Duration> {
    private static final long serialVersionUID = 1;

    @Override
    public Duration convert(String text) {
        Duration time = new PositiveDuration().convert(text);
        if (time.toNanosPart() != 0
                || time.compareTo(ProbeLimits.INTERVAL_MIN) < 0
                || time.compareTo(ProbeLimits.INTERVAL_MAX) > 0) {
            throw new IllegalArgumentException("not whole seconds from 1s to 1h");
        }
        return time;
    }
}
