package io.spyhop.gateway.proxy;

import java.net.URI;
import java.net.URISyntaxException;
import org.eclipse.microprofile.config.spi.Converter;

/** Where a relay listens: {@code socks5}, a name or an address, and a port. */
public final class RelayUrl implements Converter<URI> {
    private static final long serialVersionUID = 1;

    @Override
    public URI convert(String text) {
        try {
            URI url = new URI(text.strip());
            if ("socks5".equals(url.getScheme()) && url.getHost() != null && url.getPort() > 0) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new IllegalArgumentException("not such as socks5://port-detector:8086");
    }
}
