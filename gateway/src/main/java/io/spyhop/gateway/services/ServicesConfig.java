package io.spyhop.gateway.services;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.net.URI;

/** Where the services are that do not run in this process. */
@ConfigMapping(prefix = "spyhop.services")
interface ServicesConfig {
    /** The address of health-crash-service, the catalogue of workloads. */
    @WithName("health-crash-service.url")
    @WithDefault("http://127.0.0.1:8083")
    URI healthCrashService();

    /** The address of log-service, the stored lines. */
    @WithName("log-service.url")
    @WithDefault("http://127.0.0.1:8081")
    URI logService();
}
