package io.spyhop.gateway.services;

import java.net.URI;
import java.net.URISyntaxException;
import org.eclipse.microprofile.config.spi.Converter;

/** Where a service answers: {@code http} or {@code https}, a name or an address, and a port. */
public final class ServiceUrl implements Converter<URI> {
    private static final long serialVersionUID = 1;

    @Override
    public URI convert(String text) {
        try {
            URI url = new URI(text.strip());
            if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new IllegalArgumentException("not such as http://127.0.0.1:8081");
    }
}
