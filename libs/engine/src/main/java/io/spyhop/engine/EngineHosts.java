package io.spyhop.engine;

import io.spyhop.engine.docker.DockerEngine;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The configured hosts, by short name. An engine is connected when it is first asked for and shared from then on, so
 * that all parts of a process speak of the same host by the same name. Thread-safe; closing it closes every engine.
 */
public final class EngineHosts implements AutoCloseable {
    /** The prefix of the settings: {@code spyhop.hosts."name"} is the endpoint of the host of that name. */
    public static final String PREFIX = "spyhop.hosts";

    /** The name of the host where none is configured. */
    public static final String LOCAL = "local";

    /** Names stand in record keys and in URLs. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");

    private final Map<String, Supplier<ContainerEngine>> connectors;
    private final Map<String, ContainerEngine> engines = new HashMap<>();
    private boolean closed;

    /** Hosts by what connects them. */
    public EngineHosts(Map<String, Supplier<ContainerEngine>> connectors) {
        this.connectors = Map.copyOf(connectors);
    }

    /**
     * Reads the settings. Where no host is configured there is one, {@link #LOCAL}, and the usual Docker variables say
     * where it is; they never override what is configured.
     *
     * @param configured host name to endpoint
     * @throws IllegalArgumentException when a name or an endpoint is wrong; says which
     */
    public static EngineHosts of(Map<String, String> configured) {
        if (configured.isEmpty()) {
            return new EngineHosts(Map.of(LOCAL, DockerEngine::connectFromEnvironment));
        }
        Map<String, Supplier<ContainerEngine>> connectors = new HashMap<>();
        configured.forEach((name, endpoint) -> {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(PREFIX + ": not a host name: " + name);
            }
            URI uri = endpoint(name, endpoint);
            connectors.put(name, () -> DockerEngine.connect(uri));
        });
        return new EngineHosts(connectors);
    }

    /** The names of all hosts. */
    public Set<String> names() {
        return connectors.keySet();
    }

    /**
     * The engine of a host; need not answer at this moment. Not to be closed by the caller.
     *
     * @throws IllegalArgumentException when there is no such host
     */
    public synchronized ContainerEngine engine(String host) {
        Supplier<ContainerEngine> connector = connectors.get(host);
        if (connector == null) {
            throw new IllegalArgumentException("no such host: " + host);
        }
        if (closed) {
            throw new EngineException("closed", null);
        }
        return engines.computeIfAbsent(host, name -> connector.get());
    }

    @Override
    public synchronized void close() {
        closed = true;
        engines.values().forEach(ContainerEngine::close);
        engines.clear();
    }

    private static URI endpoint(String name, String value) {
        try {
            URI endpoint = new URI(value.strip());
            if (endpoint.getScheme() != null) {
                return endpoint;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(PREFIX + "." + name + ": not an endpoint", e);
        }
        throw new IllegalArgumentException(
                PREFIX + "." + name + ": not an endpoint; one is like unix:///var/run/docker.sock");
    }
}
