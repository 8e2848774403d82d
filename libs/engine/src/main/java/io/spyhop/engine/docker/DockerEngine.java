package io.spyhop.engine.docker;

import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.LocalDirectorySSLConfig;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.SSLConfig;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EngineVersion;
import io.spyhop.engine.EventStream;
import io.spyhop.engine.LogRequest;
import io.spyhop.engine.LogStream;
import io.spyhop.engine.LogUnreadableException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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

/**
 * A Docker engine, or what speaks its API. Connections are opened when they are needed, so an engine may come up later
 * or go away and come back. Requests name no API version: engines refuse versions that they find too old, and what is
 * read here is in all of them. Thread-safe; any number of streams may be open at once.
 */
public final class DockerEngine implements ContainerEngine {
    /** Locally a connection takes microseconds; this is for engines far away. */
    private static final Duration CONNECT_TIME_MAX = Duration.ofSeconds(5);

    /** What the engine accepts as id or name: nothing else can exist, and nothing here needs escaping in a path. */
    private static final Pattern CONTAINER = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");

    private final DockerTransport transport;
    private final boolean filesWanted;
    private final Set<AutoCloseable> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile boolean filesSought;
    private volatile @Nullable LocalLogs files;

    private DockerEngine(DockerTransport transport, boolean filesWanted) {
        this.transport = transport;
        this.filesWanted = filesWanted;
    }

    /**
     * Talks to an engine without encryption. Nothing is sent yet.
     *
     * @param host {@code unix:///path/of/socket} or {@code tcp://name:port}
     * @throws IllegalArgumentException when the address has another form
     */
    public static DockerEngine connect(URI host) {
        return connect(host, null, DockerTransport.ANSWER_TIME_MAX, true);
    }

    /**
     * As {@link #connect(URI)}, but logs are read through the API even where their files can be read. Nothing is sent yet.
     *
     * @param host {@code unix:///path/of/socket} or {@code tcp://name:port}
     * @throws IllegalArgumentException when the address has another form
     */
    public static DockerEngine connectWithoutFiles(URI host) {
        return connect(host, null, DockerTransport.ANSWER_TIME_MAX, false);
    }

    /**
     * Talks to an engine over TLS with a client certificate. Nothing is sent yet.
     *
     * @param host {@code tcp://name:port}
     * @param certificates the folder of {@code ca.pem}, {@code cert.pem} and {@code key.pem}
     * @throws IllegalArgumentException when the address has another form
     */
    public static DockerEngine connect(URI host, Path certificates) {
        return connect(
                host, new LocalDirectorySSLConfig(certificates.toString()), DockerTransport.ANSWER_TIME_MAX, true);
    }

    /**
     * Talks to the engine that {@code DOCKER_HOST}, {@code DOCKER_TLS_VERIFY}, {@code DOCKER_CERT_PATH} and Docker's
     * contexts name; without any, to the local one. Nothing is sent yet.
     */
    public static DockerEngine connectFromEnvironment() {
        DefaultDockerClientConfig config =
                DefaultDockerClientConfig.createDefaultConfigBuilder().build();
        return connect(config.getDockerHost(), config.getSSLConfig(), DockerTransport.ANSWER_TIME_MAX, true);
    }

    static DockerEngine connect(URI host, @Nullable SSLConfig tls, Duration answerTimeMax, boolean files) {
        String scheme = String.valueOf(host.getScheme());
        boolean valid = switch (scheme) {
            case "unix" -> host.getPath() != null && host.getPath().length() > 1;
            case "tcp" -> host.getHost() != null && host.getPort() > 0;
            default -> false;
        };
        if (!valid) {
            throw new IllegalArgumentException(
                    "an engine's address is unix:///path or tcp://name:port, not '" + host + "'");
        }
        ZerodepDockerHttpClient.Builder client = new ZerodepDockerHttpClient.Builder()
                .dockerHost(host)
                .connectionTimeout(CONNECT_TIME_MAX)
                // Every open stream holds a connection.
                .maxConnections(Integer.MAX_VALUE);
        if (tls != null) {
            client.sslConfig(tls);
        }
        // Only an engine behind a socket of this machine can have its files here.
        return new DockerEngine(new DockerTransport(client.build(), answerTimeMax), files && scheme.equals("unix"));
    }

    @Override
    public EngineVersion version() {
        return DockerJson.version(transport.get("/version"));
    }

    @Override
    public Set<String> list() {
        return DockerJson.ids(transport.get("/containers/json?all=1"));
    }

    @Override
    public Optional<ContainerDetails> inspect(String container) {
        if (!CONTAINER.matcher(container).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(DockerJson.details(transport.get("/containers/" + container + "/json")));
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
        LocalLogs local = files();
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
        DockerHttpClient.Response response;
        try {
            response = transport.open(path.toString());
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
    public EventStream events(Instant since) {
        Map<String, Object> filters = Map.of("type", List.of("container"), "event", EVENT_ACTIONS);
        String path = "/events?since=" + seconds(since.getEpochSecond(), since.getNano()) + "&filters="
                + URLEncoder.encode(DockerJson.write(filters), StandardCharsets.UTF_8);
        DockerEventStream stream = new DockerEventStream(transport.open(path), streams::remove);
        stream.start();
        return opened(stream);
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

    /** The log files of this engine, sought when it answers first; null where it has none that can be read. */
    private @Nullable LocalLogs files() {
        if (filesWanted && !filesSought) {
            String root = transport.get("/info").path("DockerRootDir").asText();
            synchronized (this) {
                if (!filesSought) {
                    files = LocalLogs.in(Path.of(root));
                    filesSought = true;
                }
            }
        }
        return files;
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
            case EventStream events -> events.close();
            default -> throw new IllegalStateException("not a stream of an engine: " + stream.getClass());
        }
    }

    private static String seconds(long seconds, long nanos) {
        String digits = Long.toString(1_000_000_000L + nanos);
        return seconds + "." + digits.substring(1);
    }
}
