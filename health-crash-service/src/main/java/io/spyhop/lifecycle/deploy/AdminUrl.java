package io.spyhop.lifecycle.deploy;

import java.net.URI;
import java.net.URISyntaxException;
import org.eclipse.microprofile.config.spi.Converter;

/** The URL of an admin API: {@code http} or {@code https}, with a host. */
public final class AdminUrl implements Converter<URI> {
    private static final long serialVersionUID = 1;

    @Override
    public URI convert(String text) {
        try {
            URI url = new URI(text.strip());
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (http && url.getHost() != null && url.getQuery() == null && url.getFragment() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new IllegalArgumentException("not a URL such as http://127.0.0.1:2019");
    }
}
