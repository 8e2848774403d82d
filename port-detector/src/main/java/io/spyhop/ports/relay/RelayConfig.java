package io.spyhop.ports.relay;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.spyhop.contracts.setting.Port;
import java.util.Optional;

/** Whether other services are led into containers. */
@ConfigMapping(prefix = "spyhop.ports.relay")
public interface RelayConfig {
    /**
     * The port on which gateways that may not enter containers' networks themselves are led to what listens there; without it
     * nobody is. It listens at the address of HTTP, speaks SOCKS 5, and wants what {@code SPYHOP_INTERNAL_SECRET} proves.
     */
    Optional<@WithConverter(Port.class) Integer> port();
}
