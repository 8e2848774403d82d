package io.spyhop.gateway.proxy;

import io.spyhop.contracts.port.ListeningPort;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.engine.PortException;
import io.spyhop.engine.namespace.ContainerSockets;
import io.spyhop.engine.relay.SocketRelay;
import io.spyhop.gateway.ports.PortProtocols;
import io.spyhop.gateway.ports.PortsTable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Connections to ports of containers. The HTTP client dials addresses only; so it asks a relay of this process for a container
 * by name, and the relay makes the socket inside that container's network. Which containers there are and what listens in
 * them the table says at that moment: a name or port that it does not know leads nowhere. Thread-safe.
 */
@ApplicationScoped
class Origins {
    /** Of a container's id: no two have so much in common, and a part of a name is no longer than this. */
    private static final int NAME_LENGTH_MAX = 60;

    private static final String TLS = "https";

    private final PortsTable table;
    private final PortProtocols protocols;
    private final SocketRelay relay;
    private final HttpClient client;
    private final Map<String, ListeningPorts> containers = new ConcurrentHashMap<>();

    @Inject
    Origins(PortsTable table, PortProtocols protocols, Vertx vertx) {
        this.table = table;
        this.protocols = protocols;
        try {
            relay = SocketRelay.open(this::connect);
        } catch (IOException e) {
            throw new UncheckedIOException("no socket on the loopback can be opened", e);
        }
        client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setProxyOptions(new ProxyOptions()
                                .setType(ProxyType.SOCKS5)
                                .setHost("127.0.0.1")
                                .setPort(relay.port())
                                .setUsername(SocketRelay.USER)
                                .setPassword(relay.password())
                                .setConnectTimeout(ProxyLimits.CONNECT))
                        .setKeepAliveTimeout(ProxyLimits.KEEP_ALIVE_SECONDS)
                        .setMaxHeaderSize(ProxyLimits.HEADER_BYTES_MAX)
                        // A program inside a container has no certificate that says who it is; the way there does.
                        .setTrustAll(true)
                        .setVerifyHost(false),
                new PoolOptions()
                        .setHttp1MaxSize(ProxyLimits.CONNECTIONS_MAX)
                        .setMaxWaitQueueSize(ProxyLimits.WAITING_MAX));
    }

    @PreDestroy
    void close() {
        client.close();
        relay.close();
    }

    /** The client that requests are made with. */
    HttpClient client() {
        return client;
    }

    /** A request to a port, on a connection that is there. It fails where there is none. */
    Future<HttpClientRequest> request(ListeningPorts instance, ListeningPort port) {
        if (containers.size() >= ProxyLimits.CONTAINERS_MAX) {
            containers.clear();
        }
        String name = name(instance);
        containers.put(name, instance);
        return client.request(new RequestOptions()
                .setHost(name)
                .setPort(port.port())
                .setSsl(TLS.equals(protocols.of(instance, port)))
                .setConnectTimeout(ProxyLimits.CONNECT.toMillis()));
    }

    /** Whether it is known what a port speaks. */
    boolean isKnown(ListeningPorts instance, ListeningPort port) {
        return protocols.of(instance, port) != null;
    }

    /** A port answered as HTTP. */
    void speaksHttp(ListeningPorts instance, ListeningPort port) {
        protocols.found(instance, port, "http");
    }

    /** Finds out whether a port that did not understand HTTP speaks TLS. Blocks. */
    boolean speaksTls(ListeningPorts instance, ListeningPort port) {
        try (SocketChannel channel = open(instance, port);
                SSLSocket socket = (SSLSocket) trusting()
                        .getSocketFactory()
                        .createSocket(channel.socket(), name(instance), port.port(), false)) {
            channel.socket().setSoTimeout(Math.toIntExact(ProxyLimits.HANDSHAKE.toMillis()));
            socket.startHandshake();
            protocols.found(instance, port, TLS);
            return true;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    private SocketChannel connect(String name, int number) {
        ListeningPorts known = containers.get(name);
        // As it is now, not as it was when the request came.
        ListeningPorts instance = known == null
                ? null
                : table.find(known.workload(), known.index())
                        .filter(now -> now.containerId().equals(known.containerId()))
                        .orElse(null);
        ListeningPort port = instance == null ? null : instance.port(number).orElse(null);
        if (instance == null || port == null) {
            throw PortException.noWay("nothing is known to listen there", null);
        }
        return open(instance, port);
    }

    private static SocketChannel open(ListeningPorts instance, ListeningPort port) {
        Long pid = instance.pid();
        if (pid == null) {
            throw PortException.noWay("no process of the container is known", null);
        }
        // What listens on the loopback only does not listen at the container's address.
        List<String> addresses = port.address().equals(ListeningPort.LOOPBACK) || instance.hostNetwork()
                ? List.of()
                : instance.addresses();
        return ContainerSockets.connect(
                instance.containerId(), pid, port.dial(), addresses, port.port(), ProxyLimits.CONNECT);
    }

    private static String name(ListeningPorts instance) {
        String id = instance.containerId();
        return id.substring(0, Math.min(id.length(), NAME_LENGTH_MAX));
    }

    private static SSLContext trusting() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, null);
        return context;
    }

    /** Only whether there is TLS is asked. */
    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate @Nullable [] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate @Nullable [] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
