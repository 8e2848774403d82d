package io.spyhop.gateway.ports;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/** Where a server is from a browser's point of view: {@code http} or {@code https}, a host name and perhaps a port. */
public final class BaseUrl implements Converter<URI> {
    private static final long serialVersionUID = 1;

    /** Names go below it: an address has none. */
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,180}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z]([a-z0-9-]*[a-z0-9])?)*");

    @Override
    public URI convert(String text) {
        try {
            URI url = new URI(text.strip().toLowerCase(Locale.ROOT).replaceFirst("/$", ""));
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            boolean bare = url.getRawPath() != null
                    && url.getRawPath().isEmpty()
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null
                    && url.getRawUserInfo() == null;
            if (web
                    && bare
                    && url.getHost() != null
                    && NAME.matcher(url.getHost()).matches()) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "not a scheme, a host name and perhaps a port, such as https://spyhop.example.com");
    }
}
