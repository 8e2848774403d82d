package io.spyhop.gateway.ports;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import java.net.URI;
import java.util.Optional;

/** Where browsers find Spyhop. */
@ConfigMapping(prefix = "spyhop")
interface BaseUrlConfig {
    /**
     * The URL that browsers ask Spyhop by, such as {@code https://spyhop.example.com}; without it {@code http://localhost}
     * with the port that it listens on. Each port of a container has a name below its host:
     * {@code worker-<index>-<id>-<port>}.
     */
    Optional<@WithConverter(BaseUrl.class) URI> baseUrl();
}
