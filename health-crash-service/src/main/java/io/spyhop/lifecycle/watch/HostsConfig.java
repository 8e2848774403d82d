package io.spyhop.lifecycle.watch;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.Map;

/** The hosts: {@code spyhop.hosts."name"} is the endpoint of the engine of that name. */
@ConfigMapping(prefix = "spyhop.hosts")
interface HostsConfig {
    /** Endpoints by host name, such as {@code unix:///var/run/docker.sock} or {@code tcp://10.0.0.5:2376}. */
    @WithParentName
    Map<String, String> endpoints();
}
