package io.spyhop.gateway.proxy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import java.net.URI;
import java.util.Optional;

/** Who leads into containers, where this gateway may not go itself. */
@ConfigMapping(prefix = "spyhop.services.port-detector")
interface RelayConfig {
    /**
     * Where port-detector's relay ({@code SPYHOP_PORTS_RELAY_PORT}) listens, such as {@code socks5://port-detector:8086}: all
     * that is asked for at ports' URLs goes through it. Without it the gateway goes into containers' networks itself, and needs
     * the rights for that.
     */
    Optional<@WithConverter(RelayUrl.class) URI> relay();
}
