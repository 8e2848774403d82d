package io.spyhop.gateway.proxy;

import java.net.URI;
import java.net.URISyntaxException;
import org.eclipse.microprofile.config.spi.Converter;

/** Where a relay listens: {@code socks5}, a name or an address, and a port. */
public final class RelayUrl implements Converter<URI> {
    private static final long serialVersionUID = 1;
    private static final int PORT_MAX = 65_535;

    @Override
    public URI convert(String text) {
        try {
            URI url = new URI(text.strip());
            boolean whole = url.toString().equals("socks5://" + url.getHost() + ":" + url.getPort());
            if (whole && url.getPort() > 0 && url.getPort() <= PORT_MAX) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new IllegalArgumentException("not such as socks5://port-detector:8086");
    }
}
