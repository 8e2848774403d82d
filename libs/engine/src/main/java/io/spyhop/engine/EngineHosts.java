package io.spyhop.engine;

import io.spyhop.engine.docker.DockerEngine;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The configured hosts, by short name. An engine is connected when it is first asked for and shared from then on, so
 * that all parts of a process speak of the same host by the same name. Thread-safe; closing it closes every engine.
 */
public final class EngineHosts implements AutoCloseable {
    /** The prefix of the settings, {@link HostsConfig}. */
    public static final String PREFIX = "spyhop.hosts";

    /** How the variables that name hosts begin. */
    private static final String VARIABLES = "SPYHOP_HOSTS_";

    private static final String CERTIFICATES = "_CERTIFICATES";

    /** The name of the host where none is configured. */
    public static final String LOCAL = "local";

    /** Names stand in record keys and in URLs. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");

    private final Map<String, EngineAddress> addresses;
    private final Function<EngineAddress, ContainerEngine> connector;
    private final Map<String, ContainerEngine> engines = new HashMap<>();
    private boolean closed;

    /** Hosts whose engines are made by a connector. */
    public EngineHosts(Map<String, EngineAddress> addresses, Function<EngineAddress, ContainerEngine> connector) {
        this.addresses = Map.copyOf(addresses);
        this.connector = connector;
    }

    /**
     * The hosts of the settings, whose engines speak the Docker Engine API. Where none is configured there is one, {@link
     * #LOCAL}, and the usual Docker variables and contexts say where it is and whether it speaks TLS; they never override
     * what is configured.
     *
     * @throws IllegalArgumentException when a name, an endpoint or a certificate is wrong; one sentence that names the
     *     setting
     */
    public static EngineHosts of(HostsConfig config) {
        return of(config, System.getenv().keySet(), DockerEngine::connect);
    }

    /** As {@link #of(HostsConfig)}, but logs and counters are read through the engines' API even where files tell them. */
    public static EngineHosts withoutFiles(HostsConfig config) {
        return of(config, System.getenv().keySet(), DockerEngine::connectWithoutFiles);
    }

    /**
     * As {@link #of(HostsConfig)}.
     *
     * @param variables the names of all variables of the environment
     */
    static EngineHosts of(
            HostsConfig config, Set<String> variables, Function<EngineAddress, ContainerEngine> connector) {
        checkVariables(config.hosts().keySet(), variables);
        return new EngineHosts(resolve(config), connector);
    }

    /** A variable whose name cannot be read as a host's would count for nothing, and say nothing. */
    private static void checkVariables(Set<String> names, Set<String> variables) {
        Set<String> known = new HashSet<>();
        for (String name : names) {
            String word = name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
            known.addAll(List.of("_" + word, "_" + word + "_" + CERTIFICATES));
            if (name.indexOf('.') < 0) {
                known.addAll(List.of(word, word + CERTIFICATES));
            }
        }
        for (String variable : variables) {
            if (variable.startsWith(VARIABLES)
                    && !known.contains(variable.substring(VARIABLES.length()).replaceFirst("_+$", ""))) {
                throw new IllegalArgumentException(variable
                        + ": no host is named by this variable; a name in it is one word of capitals and digits, and one"
                        + " with dots stands between two underscores each, as in SPYHOP_HOSTS__WEST_2__");
            }
        }
    }

    private static Map<String, EngineAddress> resolve(HostsConfig config) {
        if (config.hosts().isEmpty()) {
            return Map.of(LOCAL, named("DOCKER_HOST", "DOCKER_CERT_PATH", DockerEngine::addressOfEnvironment));
        }
        Map<String, EngineAddress> addresses = new TreeMap<>();
        config.hosts().forEach((name, host) -> addresses.put(name, address(name, host)));
        return addresses;
    }

    private static EngineAddress address(String name, HostsConfig.Host host) {
        String setting = PREFIX + ".\"" + name + "\"";
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(setting
                    + ": a host's name has 1 to 63 small letters, digits, dots and dashes, and begins with a letter or"
                    + " digit");
        }
        Optional<String> endpoint = host.endpoint().filter(text -> !text.isBlank());
        if (endpoint.isEmpty()) {
            throw new IllegalArgumentException(
                    setting + ": the endpoint is missing, such as unix:///var/run/docker.sock or tcp://name:2376");
        }
        return named(
                setting,
                setting + ".certificates",
                () -> EngineAddress.of(endpoint.get(), host.certificates().orElse(null)));
    }

    private interface Source {
        EngineAddress get();
    }

    /** Reads an address and its certificates; what is wrong is told with the name of its setting. */
    private static EngineAddress named(String endpointSetting, String certificatesSetting, Source source) {
        EngineAddress address;
        try {
            address = source.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(endpointSetting + ": " + e.getMessage(), e);
        }
        try {
            DockerEngine.checkCertificates(address);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(certificatesSetting + ": " + e.getMessage(), e);
        }
        return address;
    }

    /** How many requests this process has sent to engines since it began; a log or events that are followed are one. */
    public static long requests() {
        return DockerEngine.requests();
    }

    /** The names of all hosts. */
    public Set<String> names() {
        return addresses.keySet();
    }

    /**
     * Where a host's engine is.
     *
     * @throws IllegalArgumentException when there is no such host
     */
    public EngineAddress address(String host) {
        EngineAddress address = addresses.get(host);
        if (address == null) {
            throw new IllegalArgumentException("no such host: " + host);
        }
        return address;
    }

    /**
     * The engine of a host; need not answer at this moment. Not to be closed by the caller.
     *
     * @throws IllegalArgumentException when there is no such host
     */
    public synchronized ContainerEngine engine(String host) {
        EngineAddress address = address(host);
        if (closed) {
            throw new EngineException("closed", null);
        }
        return engines.computeIfAbsent(host, name -> connector.apply(address));
    }

    @Override
    public synchronized void close() {
        closed = true;
        engines.values().forEach(ContainerEngine::close);
        engines.clear();
    }
}
