package io.spyhop.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.LocalDirectorySSLConfig;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.spyhop.engine.CommandOutput;
import io.spyhop.engine.ContainerControl;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerExecs;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.CounterReader;
import io.spyhop.engine.Counters;
import io.spyhop.engine.EngineAddress;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EngineVersion;
import io.spyhop.engine.EventStream;
import io.spyhop.engine.ExecStream;
import io.spyhop.engine.HealthDetails;
import io.spyhop.engine.ListenReader;
import io.spyhop.engine.LogRequest;
import io.spyhop.engine.LogStream;
import io.spyhop.engine.LogUnreadableException;
import io.spyhop.engine.PortConnection;
import io.spyhop.engine.PortException;
import io.spyhop.engine.PortTarget;
import io.spyhop.engine.kernel.KernelCounters;
import io.spyhop.engine.namespace.NamespaceListeners;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Docker engine, or what speaks its API. Connections are opened when they are needed, so an engine may come up later
 * or go away and come back. Requests name no API version: engines refuse versions that they find too old, and what is
 * read here is in all of them. Thread-safe; any number of streams may be open at once.
 */
public final class DockerEngine implements ContainerEngine {
    private static final Logger LOGGER = LoggerFactory.getLogger(DockerEngine.class);

    /** Locally a connection takes microseconds; this is for engines far away. */
    private static final Duration CONNECT_TIME_MAX = Duration.ofSeconds(5);

    /** What the engine accepts as id or name: nothing else can exist, and nothing here needs escaping in a path. */
    static final Pattern CONTAINER = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");

    /** What a folder of certificates holds, as for {@code DOCKER_CERT_PATH}. */
    private static final List<String> CERTIFICATES = List.of("ca.pem", "cert.pem", "key.pem");

    private final DockerTransport transport;

    /** Where the engine is; null for this machine. */
    private final @Nullable String anotherMachine;

    private final DockerControl control;
    private final DockerExecs execs;
    private final boolean filesWanted;
    private final Set<AutoCloseable> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile boolean filesSought;
    private volatile @Nullable LocalRecords records;
    private volatile boolean recordsSought;
    private volatile @Nullable LocalLogs files;
    private volatile long hostBytes;

    private DockerEngine(DockerTransport transport, boolean filesWanted, @Nullable String anotherMachine) {
        this.transport = transport;
        this.anotherMachine = anotherMachine;
        this.control = new DockerControl(transport);
        this.execs =
                new DockerExecs(transport, filesWanted, this::inspect, this::opened, stream -> streams.remove(stream));
        this.filesWanted = filesWanted;
    }

    /** How many requests this process has sent to engines since it began; a log or events that are followed are one. */
    public static long requests() {
        return DockerTransport.requests();
    }

    /**
     * Talks to an engine without encryption. Nothing is sent yet.
     *
     * @param host {@code unix:///path/of/socket} or {@code tcp://name:port}
     * @throws IllegalArgumentException when the address has another form
     */
    public static DockerEngine connect(URI host) {
        return connect(new EngineAddress(host, null));
    }

    /**
     * As {@link #connect(EngineAddress)}, but logs and counters are read through the API even where their files can be read.
     *
     * @throws IllegalArgumentException when the certificates cannot be used
     */
    public static DockerEngine connectWithoutFiles(EngineAddress address) {
        return connect(address, DockerTransport.ANSWER_TIME_MAX, false);
    }

    /**
     * Talks to an engine, over TLS where its address has certificates. They are read now, nothing is sent yet.
     *
     * @throws IllegalArgumentException when the certificates cannot be used
     */
    public static DockerEngine connect(EngineAddress address) {
        return connect(address, DockerTransport.ANSWER_TIME_MAX, true);
    }

    /** Talks to the engine of {@link #addressOfEnvironment}. Nothing is sent yet. */
    public static DockerEngine connectFromEnvironment() {
        return connect(addressOfEnvironment());
    }

    /**
     * The engine that {@code DOCKER_HOST}, {@code DOCKER_TLS_VERIFY}, {@code DOCKER_CERT_PATH} and Docker's contexts name;
     * without any, the local one.
     *
     * @throws IllegalArgumentException when they name none
     */
    public static EngineAddress addressOfEnvironment() {
        DefaultDockerClientConfig config;
        try {
            config = DefaultDockerClientConfig.createDefaultConfigBuilder().build();
        } catch (DockerClientException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            // Without the cause: it quotes what may hold credentials.
            throw new IllegalArgumentException("not unix:///path/of/socket or tcp://name:port");
        }
        URI endpoint = config.getDockerHost();
        boolean tls = "tcp".equals(endpoint.getScheme()) && config.getSSLConfig() != null;
        return new EngineAddress(
                endpoint,
                tls && config.getSSLConfig() instanceof LocalDirectorySSLConfig directory
                        ? Path.of(directory.getDockerCertPath())
                        : null);
    }

    /**
     * Reads the certificates of an address, if it has any.
     *
     * @throws IllegalArgumentException when they cannot be used; says which
     */
    public static void checkCertificates(EngineAddress address) {
        Path folder = address.certificates();
        if (folder == null) {
            return;
        }
        for (String name : CERTIFICATES) {
            Path file = folder.resolve(name);
            if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                throw new IllegalArgumentException(
                        file + " cannot be read; ca.pem, cert.pem and key.pem are needed for TLS");
            }
        }
        try {
            if (new LocalDirectorySSLConfig(folder.toString()).getSSLContext() == null) {
                throw new IllegalArgumentException("the certificates in " + folder + " cannot be used");
            }
        } catch (DockerClientException e) {
            // The files' content is nobody's business: only where they are is told.
            throw new IllegalArgumentException(
                    "ca.pem, cert.pem and key.pem in " + folder + " are not what they should be", e);
        }
    }

    static DockerEngine connect(EngineAddress address, Duration answerTimeMax, boolean files) {
        ZerodepDockerHttpClient.Builder client = new ZerodepDockerHttpClient.Builder()
                .dockerHost(address.endpoint())
                .connectionTimeout(CONNECT_TIME_MAX)
                // Every open stream holds a connection.
                .maxConnections(Integer.MAX_VALUE);
        Path certificates = address.certificates();
        if (certificates != null) {
            checkCertificates(address);
            client.sslConfig(new LocalDirectorySSLConfig(certificates.toString()));
        }
        Path socket = address.local() ? Path.of(address.endpoint().getPath()) : null;
        DockerTransport transport = new DockerTransport(client.build(), socket, answerTimeMax, certificates != null);
        return new DockerEngine(
                transport,
                files && address.local(),
                address.local() ? null : address.endpoint().getHost());
    }

    @Override
    public EngineVersion version() {
        return DockerJson.version(transport.get("/version"));
    }

    @Override
    public Map<String, String> list() {
        return DockerJson.states(transport.get("/containers/json?all=1"));
    }

    @Override
    public Optional<ContainerDetails> inspect(String container) {
        return found(container).map(DockerJson::details);
    }

    @Override
    public Optional<ContainerDetails> startRecord(String containerId, Instant toldAt) {
        LocalRecords local = CONTAINER.matcher(containerId).matches() ? records : null;
        return Optional.ofNullable(local == null ? null : local.started(containerId, toldAt));
    }

    private Optional<JsonNode> found(String container) {
        if (!CONTAINER.matcher(container).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(transport.get("/containers/" + container + "/json"));
        } catch (DockerTransport.StatusException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public LogStream logs(LogRequest request) {
        String container = request.containerId();
        if (!CONTAINER.matcher(container).matches()) {
            throw new ContainerGoneException(container);
        }
        LocalLogs local = request.newest() ? null : files();
        LogStream file = local == null ? null : local.open(request, () -> inspect(container), streams::remove);
        if (file != null) {
            return opened(file);
        }
        StringBuilder path = new StringBuilder("/containers/")
                .append(container)
                .append("/logs?stdout=1&stderr=1&timestamps=1&follow=")
                .append(request.follow() ? '1' : '0');
        if (request.sinceNanos() > 0) {
            path.append("&since=")
                    .append(seconds(request.sinceNanos() / 1_000_000_000, request.sinceNanos() % 1_000_000_000));
        }
        if (request.newest()) {
            path.append("&tail=1");
        }
        DockerHttpClient.Response response;
        try {
            response = transport.openLog(path.toString());
        } catch (DockerTransport.StatusException e) {
            String message = String.valueOf(e.getMessage());
            if (message.contains(DockerTransport.UNREADABLE)) {
                throw new LogUnreadableException(message);
            }
            // 409: it is being removed.
            if (e.status() == 404 || e.status() == 409) {
                throw new ContainerGoneException(container);
            }
            throw e;
        }
        return opened(new DockerLogStream(response, request, streams::remove));
    }

    @Override
    public void prepareLogs() {
        files();
    }

    @Override
    public boolean awaitsStart(String containerId) {
        LocalLogs local = CONTAINER.matcher(containerId).matches() ? files() : null;
        return local != null && local.has(containerId);
    }

    @Override
    public CounterReader counters(String containerId, @Nullable Long pid) {
        if (!CONTAINER.matcher(containerId).matches()) {
            throw new ContainerGoneException(containerId);
        }
        CounterReader kernel =
                filesWanted && pid != null ? KernelCounters.ofThisMachine().open(containerId, pid) : null;
        return kernel == null ? new ApiCounters(transport, containerId, this::hostBytes) : kernel;
    }

    @Override
    public Optional<HealthDetails> health(String container) {
        return found(container).map(HealthJson::details);
    }

    @Override
    public PortConnection connect(PortTarget target, Duration max) {
        if (filesWanted && CONTAINER.matcher(target.containerId()).matches()) {
            return DockerPorts.connect(target, max);
        }
        String machine = anotherMachine;
        if (machine == null) {
            throw PortException.noWay("nothing of this machine is to be read", null);
        }
        JsonNode container =
                found(target.containerId()).orElseThrow(() -> new ContainerGoneException(target.containerId()));
        return PublishedPorts.connect(machine, container, target.port(), max);
    }

    @Override
    public ListenReader listeners(String containerId, @Nullable Long pid) {
        if (!CONTAINER.matcher(containerId).matches()) {
            throw new ContainerGoneException(containerId);
        }
        ListenReader inside = filesWanted && pid != null ? NamespaceListeners.open(containerId, pid) : null;
        return inside == null ? new CommandListeners(transport, containerId) : inside;
    }

    @Override
    public CommandOutput execute(String container, List<String> command) {
        if (!CONTAINER.matcher(container).matches()) {
            throw new ContainerGoneException(container);
        }
        return DockerCommand.run(transport, container, command);
    }

    @Override
    public ContainerExecs execs() {
        return execs;
    }

    @Override
    public EventStream events(Instant since) {
        Map<String, Object> filters = Map.of("type", List.of("container"), "event", EVENT_ACTIONS);
        String path = "/events?since=" + seconds(since.getEpochSecond(), since.getNano()) + "&filters="
                + URLEncoder.encode(DockerJson.write(filters), StandardCharsets.UTF_8);
        DockerEventStream stream = new DockerEventStream(transport.open(path), streams::remove);
        stream.start();
        if (filesWanted && !recordsSought) {
            Thread.ofVirtual().name("engine-records").start(this::seekRecords);
        }
        return opened(stream);
    }

    @Override
    public ContainerControl control() {
        return control;
    }

    @Override
    public void close() {
        closed = true;
        for (AutoCloseable stream : streams.stream().collect(Collectors.toList())) {
            closeQuietly(stream);
        }
        LocalLogs local = files;
        if (local != null) {
            local.close();
        }
        transport.close();
    }

    /** The memory of the engine's machine; asked once. */
    private long hostBytes() {
        if (hostBytes == 0) {
            long bytes = transport.get("/info").path("MemTotal").asLong();
            hostBytes = bytes > 0 ? bytes : Counters.UNKNOWN;
        }
        return hostBytes;
    }

    /** The log files of this engine, sought when it answers first; null where it has none that can be read. */
    private @Nullable LocalLogs files() {
        if (filesWanted && !filesSought) {
            LocalRecords known = records();
            synchronized (this) {
                if (!filesSought) {
                    files = known == null ? null : LocalLogs.of(known);
                    filesSought = true;
                }
            }
        }
        return files;
    }

    /** For starts, which are told of at once, whether or not it is known where that stands: nobody waits for it. */
    private void seekRecords() {
        try {
            var _ = records();
        } catch (EngineException e) {
            LOGGER.atTrace().setCause(e).log("An engine does not say where its records are.");
        }
    }

    /** What this engine wrote down, sought when it answers first; null where it cannot be read. */
    private @Nullable LocalRecords records() {
        if (filesWanted && !recordsSought) {
            records = LocalRecords.in(
                    Path.of(transport.get("/info").path("DockerRootDir").asText()));
            recordsSought = true;
        }
        return records;
    }

    /** Keeps a new stream for {@link #close}; when that came first, nobody else would end it. */
    private <T extends AutoCloseable> T opened(T stream) {
        streams.add(stream);
        if (closed) {
            closeQuietly(stream);
            throw new EngineException("the engine was closed", null);
        }
        return stream;
    }

    private static void closeQuietly(AutoCloseable stream) {
        switch (stream) {
            case LogStream log -> log.close();
            case ExecStream output -> output.close();
            case EventStream events -> events.close();
            default -> throw new IllegalStateException("not a stream of an engine: " + stream.getClass());
        }
    }

    private static String seconds(long seconds, long nanos) {
        String digits = Long.toString(1_000_000_000L + nanos);
        return seconds + "." + digits.substring(1);
    }
}
