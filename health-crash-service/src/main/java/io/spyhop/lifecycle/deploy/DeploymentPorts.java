package io.spyhop.lifecycle.deploy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/** A range of TCP ports, both ends included, such as {@code 20000-29999}. */
public final class DeploymentPorts implements Converter<PortRange> {
    private static final long serialVersionUID = 1;
    private static final int PORT_MAX = 65_535;
    private static final Pattern TEXT = Pattern.compile("(\\d{1,5})-(\\d{1,5})");

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
