package io.spyhop.lifecycle.deploy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** What managed deployments get of their host. */
@ConfigMapping(prefix = "spyhop.deployments")
public interface DeploymentsConfig {
    /** The ports of a host that deployments are reached by: one for each. */
    @WithDefault("20000-29999")
    @WithConverter(DeploymentPorts.class)
    PortRange ports();

    /**
     * The address of the host that these ports are bound to. With the default only programs on the host itself reach them, such as
     * a Caddy there; {@code 0.0.0.0} opens them to everybody who reaches the host.
     */
    @WithDefault("127.0.0.1")
    String address();

    /**
     * A file with credentials for registries that images are pulled from, as {@code docker login} writes it: {@code
     * ~/.docker/config.json}, but only what stands in the file itself. It is read for each pull.
     */
    Optional<Path> registryLogins();
}
