package io.spyhop.gateway.services;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.net.URI;
import java.util.List;

/** Where the other services are, when they are not in this process. */
@ConfigMapping(prefix = "spyhop.services")
interface ServicesConfig {
    /**
     * Where health-crash-service answers: one URL for each replica, separated by commas, or one whose name resolves to
     * all of them.
     */
    @WithName("health-crash-service.url")
    @WithDefault("http://127.0.0.1:8083")
    List<@WithConverter(ServiceUrl.class) URI> healthCrashService();

    /**
     * Where jobs-service answers: one URL for each replica, separated by commas, or one whose name resolves to all of
     * them.
     */
    @WithName("jobs-service.url")
    @WithDefault("http://127.0.0.1:8085")
    List<@WithConverter(ServiceUrl.class) URI> jobsService();

    /**
     * Where log-service answers: one URL for each replica, separated by commas, or one whose name resolves to all of
     * them.
     */
    @WithName("log-service.url")
    @WithDefault("http://127.0.0.1:8081")
    List<@WithConverter(ServiceUrl.class) URI> logService();

    /**
     * Where metrics-service answers: one URL for each replica, separated by commas, or one whose name resolves to all of
     * them.
     */
    @WithName("metrics-service.url")
    @WithDefault("http://127.0.0.1:8082")
    List<@WithConverter(ServiceUrl.class) URI> metricsService();
}
