package io.spyhop.engine;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The hosts whose containers are watched. Where none is configured there is one, {@code local}, at the engine that {@code
 * DOCKER_HOST}, {@code DOCKER_TLS_VERIFY}, {@code DOCKER_CERT_PATH} and Docker's contexts name, else at {@code
 * unix:///var/run/docker.sock}.
 */
@ConfigMapping(prefix = EngineHosts.PREFIX)
public interface HostsConfig {
    /**
     * Hosts by name: small letters, digits, dots and dashes. In a variable the name is written in capitals: {@code
     * SPYHOP_HOSTS_WEST} is {@code spyhop.hosts.west}; one with dots stands between two underscores each: {@code
     * SPYHOP_HOSTS__WEST_2__} is {@code spyhop.hosts."west.2"}. There is no variable for one with dashes.
     */
    @WithParentName
    Map<String, Host> hosts();

    /** One host. */
    interface Host {
        /**
         * Where the host's engine is: {@code unix:///path/of/socket} or {@code tcp://name:port}. TCP without certificates
         * is neither encrypted nor protected.
         */
        @WithParentName
        Optional<String> endpoint();

        /**
         * The folder of {@code ca.pem}, {@code cert.pem} and {@code key.pem}, as for {@code DOCKER_CERT_PATH}; with it the
         * engine is spoken to over TLS with that client certificate. It is read at the start. Without it: no TLS.
         */
        Optional<Path> certificates();
    }
}
