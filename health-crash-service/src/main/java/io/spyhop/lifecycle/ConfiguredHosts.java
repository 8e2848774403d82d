package io.spyhop.lifecycle;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.EngineAddress;
import io.spyhop.engine.EngineHosts;
import io.spyhop.engine.HostsConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.util.Set;

/** The hosts that this replica is configured with, and their engines. A wrong setting ends the start. Thread-safe. */
@ApplicationScoped
@Startup(Interceptor.Priority.PLATFORM_BEFORE - 1) // What is wrong with the settings is told before anything runs.
public class ConfiguredHosts {
    private final EngineHosts hosts;

    @Inject
    ConfiguredHosts(HostsConfig config) {
        try {
            hosts = EngineHosts.of(config);
        } catch (IllegalArgumentException e) {
            // Without the cause, whoever starts Spyhop is shown the sentence alone.
            throw new ConfigurationException(e.getMessage());
        }
    }

    /** The names of all hosts. */
    public Set<String> names() {
        return hosts.names();
    }

    /** Where a host's engine is. */
    public EngineAddress address(String host) {
        return hosts.address(host);
    }

    /** The engine of a host. */
    public ContainerEngine engine(String host) {
        return hosts.engine(host);
    }

    /** Closes every engine. */
    public void close() {
        hosts.close();
    }
}
