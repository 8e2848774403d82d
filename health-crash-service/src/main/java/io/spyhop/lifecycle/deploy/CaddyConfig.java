package io.spyhop.lifecycle.deploy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.spyhop.contracts.setting.PositiveDuration;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** A Caddy whose admin API gets a route for each managed deployment. */
@ConfigMapping(prefix = "spyhop.caddy")
public interface CaddyConfig {
    /** Its admin API, such as {@code http://127.0.0.1:2019}; without it no routes are made. */
    Optional<@WithConverter(AdminUrl.class) URI> admin();

    /** The domain below which each deployment has a host name: {@code <slug>.<base domain>}. */
    @WithDefault("localhost")
    String baseDomain();

    /** The URL that is shown for a deployment; <code>&#123;host&#125;</code> stands for its host name. */
    @WithDefault("http://{host}")
    String url();

    /** The name of the HTTP server in Caddy's configuration that gets the routes. It is made where there is none. */
    @WithDefault("spyhop")
    String server();

    /** Where that server listens, if Spyhop makes it. Caddy gets certificates for it only if the URL begins with https. */
    @WithDefault(":80")
    String listen();

    /** How often Caddy is asked whether it has the routes: one that was started anew has lost what it was told. */
    @WithDefault("15s")
    @WithConverter(PositiveDuration.class)
    Duration checkEvery();
}
