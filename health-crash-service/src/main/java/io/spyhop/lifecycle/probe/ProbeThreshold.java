package io.spyhop.lifecycle.probe;

import org.eclipse.microprofile.config.spi.Converter;

/** How many failures in a row make a container unhealthy: from 1 to 100. */
public final class ProbeThreshold implements Converter<Integer> {
    private static final long serialVersionUID = 1;

    @Override
    public Integer convert(String text) {
        String number = text.strip();
        if (!number.matches("[1-9]\\d{0,2}") || Integer.parseInt(number) > ProbeLimits.THRESHOLD_MAX) {
            throw new IllegalArgumentException("not a whole number from 1 to " + ProbeLimits.THRESHOLD_MAX);
        }
        return Integer.valueOf(number);
    }
}
