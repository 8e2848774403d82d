package io.spyhop.engine;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where an engine is and how it is spoken to. What else an endpoint may contain, credentials above all, is left out, so
 * that an address can be shown. Immutable.
 *
 * @param endpoint {@code unix:///path/of/socket} or {@code tcp://name:port}
 * @param certificates the folder of the client certificate for TLS; null for none
 */
public record EngineAddress(URI endpoint, @Nullable Path certificates) {
    /**
     * Checks the endpoint's form and leaves out what is not needed.
     *
     * @throws IllegalArgumentException when it has another form; does not repeat it
     */
    public EngineAddress {
        String scheme = String.valueOf(endpoint.getScheme());
        try {
            endpoint = switch (scheme) {
                case "unix" -> {
                    if (endpoint.getPath() == null || endpoint.getPath().length() <= 1) {
                        throw new IllegalArgumentException("a path is missing: unix:///path/of/socket");
                    }
                    yield new URI(scheme + "://" + endpoint.getRawPath());
                }
                case "tcp" -> {
                    if (endpoint.getHost() == null || endpoint.getPort() <= 0) {
                        throw new IllegalArgumentException("name or port is missing: tcp://name:port");
                    }
                    yield new URI(scheme, null, endpoint.getHost(), endpoint.getPort(), null, null, null);
                }
                case "http", "https" ->
                    throw new IllegalArgumentException(
                            "an engine's endpoint is tcp://name:port, also where certificates make it speak TLS");
                default -> throw new IllegalArgumentException("not unix:///path/of/socket or tcp://name:port");
            };
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not unix:///path/of/socket or tcp://name:port", e);
        }
        if (certificates != null && !scheme.equals("tcp")) {
            throw new IllegalArgumentException("certificates are for tcp://name:port only");
        }
    }

    /** An address without TLS, as it was written. */
    public static EngineAddress of(String endpoint) {
        return of(endpoint, null);
    }

    /**
     * An address as it was written.
     *
     * @throws IllegalArgumentException when it is none; does not repeat it
     */
    public static EngineAddress of(String endpoint, @Nullable Path certificates) {
        try {
            return new EngineAddress(new URI(endpoint.strip()), certificates);
        } catch (URISyntaxException e) {
            // Without the cause: it quotes what may hold credentials.
            throw new IllegalArgumentException("not unix:///path/of/socket or tcp://name:port");
        }
    }

    /** Whether the engine is behind a socket of this machine, so that its files may be here too. */
    public boolean local() {
        return "unix".equals(endpoint.getScheme());
    }
}
