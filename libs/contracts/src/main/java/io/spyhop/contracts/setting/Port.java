package io.spyhop.contracts.setting;

import org.eclipse.microprofile.config.spi.Converter;

/** A TCP port, 0 to 65535; with 0 the system chooses. */
public final class Port implements Converter<Integer> {
    private static final long serialVersionUID = 1;
    private static final int MAX = 65_535;

    @Override
    public Integer convert(String text) {
        try {
            int port = Integer.parseInt(text.strip());
            if (port >= 0 && port <= MAX) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException("not a port: a number from 0 to " + MAX);
    }
}
