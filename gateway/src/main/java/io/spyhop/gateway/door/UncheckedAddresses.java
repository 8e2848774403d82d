package io.spyhop.gateway.door;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;

/**
 * Lets the door see addresses that are none, so that it can answer them with a problem: Quarkus answers them before any
 * route, without a body, unless this system property is set before its HTTP server is made. The configuration is the
 * first thing that is built.
 */
public final class UncheckedAddresses implements SmallRyeConfigBuilderCustomizer {
    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        System.setProperty("vertx.disableURIValidation", "true");
    }
}
