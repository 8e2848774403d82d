package io.spyhop.engine;

import io.spyhop.engine.docker.DockerEngine;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The configured hosts, by short name. An engine is connected when it is first asked for and shared from then on, so
 * that all parts of a process speak of the same host by the same name. Thread-safe; closing it closes every engine.
 */
public final class EngineHosts implements AutoCloseable {
    /** The prefix of the settings: {@code spyhop.hosts."name"} is the endpoint of the host of that name. */
    public static final String PREFIX = "spyhop.hosts";

    /** The name of the host where none is configured. */
    public static final String LOCAL = "local";

    private static final String LOCAL_SOCKET = "unix:///var/run/docker.sock";

    /** Names stand in record keys and in URLs. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");

    private final Map<String, URI> endpoints;
    private final Function<URI, ContainerEngine> connector;
    private final Map<String, ContainerEngine> engines = new HashMap<>();
    private boolean closed;

    /** Hosts whose engines speak the Docker Engine API. */
    public EngineHosts(Map<String, URI> endpoints) {
        this(endpoints, DockerEngine::connect);
    }

    /** Hosts whose engines are made by a connector; for tests. */
    public EngineHosts(Map<String, URI> endpoints, Function<URI, ContainerEngine> connector) {
        this.endpoints = Map.copyOf(endpoints);
        this.connector = connector;
    }

    /**
     * The hosts of the settings. Where none is configured there is one, {@link #LOCAL}, and the usual Docker variables
     * and contexts say where it is and whether it speaks TLS; they never override what is configured.
     *
     * @param configured host name to endpoint, as configured
     * @throws IllegalArgumentException when a name or an endpoint is wrong; says which
     */
    public static EngineHosts of(Map<String, String> configured) {
        Map<String, URI> endpoints = resolve(configured, null);
        return configured.isEmpty()
                ? new EngineHosts(endpoints, endpoint -> DockerEngine.connectFromEnvironment())
                : new EngineHosts(endpoints);
    }

    /**
     * Reads the settings.
     *
     * @param configured host name to endpoint, as configured
     * @param dockerHost the value of {@code DOCKER_HOST}; it counts only where no host is configured
     * @throws IllegalArgumentException when a name or an endpoint is wrong; says which
     */
    public static Map<String, URI> resolve(Map<String, String> configured, @Nullable String dockerHost) {
        if (configured.isEmpty()) {
            String only = dockerHost == null || dockerHost.isBlank() ? LOCAL_SOCKET : dockerHost;
            return Map.of(LOCAL, endpoint("DOCKER_HOST", only));
        }
        Map<String, URI> endpoints = new TreeMap<>();
        configured.forEach((name, endpoint) -> {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(PREFIX + ": not a host name: " + name);
            }
            endpoints.put(name, endpoint(PREFIX + "." + name, endpoint));
        });
        return Map.copyOf(endpoints);
    }

    /** The names of all hosts. */
    public Set<String> names() {
        return endpoints.keySet();
    }

    /**
     * The engine of a host; need not answer at this moment. Not to be closed by the caller.
     *
     * @throws IllegalArgumentException when there is no such host
     */
    public synchronized ContainerEngine engine(String host) {
        URI endpoint = endpoints.get(host);
        if (endpoint == null) {
            throw new IllegalArgumentException("no such host: " + host);
        }
        if (closed) {
            throw new EngineException("closed", null);
        }
        return engines.computeIfAbsent(host, name -> connector.apply(endpoint));
    }

    @Override
    public synchronized void close() {
        closed = true;
        engines.values().forEach(ContainerEngine::close);
        engines.clear();
    }

    private static URI endpoint(String setting, String value) {
        try {
            URI endpoint = new URI(value.strip());
            if (endpoint.getScheme() != null) {
                return endpoint;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(setting + ": not an endpoint", e);
        }
        throw new IllegalArgumentException(setting + ": not an endpoint; one is like " + LOCAL_SOCKET);
    }
}
