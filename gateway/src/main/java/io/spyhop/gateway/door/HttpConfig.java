package io.spyhop.gateway.door;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.spyhop.contracts.setting.Port;
import io.spyhop.contracts.setting.PositiveDuration;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where the gateway listens, and under which names it answers. */
@ConfigMapping(prefix = "spyhop.http")
interface HttpConfig {
    /** The address to listen on: this machine only, unless told otherwise. Read SECURITY.md before you change it. */
    @WithDefault("127.0.0.1")
    String host();

    /** The port to listen on; with {@code 0} the system chooses one. */
    @WithDefault("8080")
    @WithConverter(Port.class)
    int port();

    /**
     * Names besides {@code localhost}, {@code 127.0.0.1}, {@code [::1]} and that of {@code spyhop.base-url} under which it
     * may be asked, comma separated. A request for any other name is answered with 421, but those of health checks.
     * Whoever listens on other addresses, or puts a proxy before it, lists its names here.
     */
    Optional<List<String>> allowedHosts();

    /**
     * How long a client may take for the head of a request, from its first byte, or from the beginning of a new connection. Then
     * the connection is ended, up to a quarter of it later.
     */
    @WithDefault("15s")
    @WithConverter(PositiveDuration.class)
    Duration headTimeout();
}
