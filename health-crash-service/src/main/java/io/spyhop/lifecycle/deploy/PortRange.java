package io.spyhop.lifecycle.deploy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/** TCP ports from a first to a last one, both included, as {@code 20000-29999}. Immutable. */
public record PortRange(int first, int last) {
    private static final int PORT_MAX = 65_535;
    private static final Pattern TEXT = Pattern.compile("(\\d{1,5})-(\\d{1,5})");

    int size() {
        return last - first + 1;
    }

    boolean contains(int port) {
        return port >= first && port <= last;
    }

    /** Reads a setting. */
    public static final class FromText implements Converter<PortRange> {
        private static final long serialVersionUID = 1;

        @Override
        public PortRange convert(String text) {
            Matcher matcher = TEXT.matcher(text.strip());
            if (matcher.matches()) {
                int first = Integer.parseInt(matcher.group(1));
                int last = Integer.parseInt(matcher.group(2));
                if (first >= 1 && first <= last && last <= PORT_MAX) {
                    return new PortRange(first, last);
                }
            }
            throw new IllegalArgumentException("not a range of ports, such as 20000-29999");
        }
    }
}
