package io.spyhop.gateway.proxy;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.spyhop.contracts.internal.InternalSecret;
import io.spyhop.contracts.port.ListeningPort;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.contracts.port.RelayName;
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
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import io.vertx.core.net.SocketAddress;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Connections to ports of containers. What listens on all addresses of a container is dialled at the one by which this machine
 * reaches it, and nothing is sent until the connection is proved to end inside that container. Whatever cannot be reached so
 * is asked of a relay of this process by the container's name: it makes the socket inside the container's network. Which
 * containers there are and what listens in them the table says at that moment: a name or port that it does not know leads
 * nowhere. A gateway that may not go there itself asks port-detector's relay instead, for everything. Thread-safe.
 */
@ApplicationScoped
@Startup(Interceptor.Priority.PLATFORM_BEFORE - 1) // What is wrong with the settings is told before anything runs.
class Origins {
    /** Of a container's id: no two have so much in common, and a part of a name is no longer than this. */
    private static final int NAME_LENGTH_MAX = 60;

    private static final String TLS = "https";
    private static final String LOOPBACK = "127.0.0.1";

    private final PortsTable table;
    private final PortProtocols protocols;

    /** Null where port-detector's is used. */
    private final @Nullable SocketRelay relay;

    private final ProxyOptions throughRelay;
    private final NetClient tls;
    private final ThreadLocal<HttpClient> clients;
    private final Collection<HttpClient> opened = new ConcurrentLinkedQueue<>();
    private final Map<String, ListeningPorts> containers = new ConcurrentHashMap<>();

    /** Connections to addresses that are proved, for as long as anybody has them. */
    private final Set<HttpConnection> proved =
            Collections.newSetFromMap(Collections.synchronizedMap(new WeakHashMap<>()));

    /** Ports that only the relay has reached, though they should have been at an address. */
    private final Set<String> insideOnly = ConcurrentHashMap.newKeySet();

    @Inject
    Origins(PortsTable table, PortProtocols protocols, RelayConfig config, InternalSecret secret, Vertx vertx) {
        this.table = table;
        this.protocols = protocols;
        Optional<URI> elsewhere = config.relay();
        if (elsewhere.isPresent()) {
            relay = null;
            throughRelay = through(
                    elsewhere.get().getHost(),
                    elsewhere.get().getPort(),
                    secret.password(RelayName.PASSWORD)
                            .orElseThrow(() -> new ConfigurationException(
                                    "spyhop.services.port-detector.relay needs SPYHOP_INTERNAL_SECRET")));
        } else {
            relay = openRelay();
            throughRelay = through(LOOPBACK, relay.port(), relay.password());
        }
        tls = vertx.createNetClient(new NetClientOptions()
                .setSsl(true)
                .setTrustAll(true)
                .setHostnameVerificationAlgorithm("")
                .setProxyOptions(throughRelay)
                .setConnectTimeout(Math.toIntExact(ProxyLimits.CONNECT.toMillis()))
                .setSslHandshakeTimeout(ProxyLimits.HANDSHAKE.toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS));
        // Each event loop has connections of its own: one of another's would hand over every request and answer.
        clients = ThreadLocal.withInitial(() -> opened(vertx));
    }

    private SocketRelay openRelay() {
        try {
            return SocketRelay.open(this::connect);
        } catch (IOException e) {
            throw new UncheckedIOException("no socket on the loopback can be opened", e);
        }
    }

    private static ProxyOptions through(String host, int port, String password) {
        return new ProxyOptions()
                .setType(ProxyType.SOCKS5)
                .setHost(host)
                .setPort(port)
                .setUsername(SocketRelay.USER)
                .setPassword(password)
                .setConnectTimeout(ProxyLimits.CONNECT);
    }

    private HttpClient opened(Vertx vertx) {
        HttpClient client = vertx.httpClientBuilder()
                .with(new HttpClientOptions()
                        .setKeepAliveTimeout(ProxyLimits.KEEP_ALIVE_SECONDS)
                        .setMaxHeaderSize(ProxyLimits.HEADER_BYTES_MAX)
                        // A program inside a container has no certificate that says who it is; the way there does.
                        .setTrustAll(true)
                        .setVerifyHost(false))
                .with(new PoolOptions()
                        .setHttp1MaxSize(ProxyLimits.CONNECTIONS_MAX)
                        .setMaxWaitQueueSize(ProxyLimits.WAITING_MAX))
                // What a program does to a connection, or answers instead of HTTP, is no error of Spyhop: who asked is
                // told.
                .withConnectHandler(connection -> connection.exceptionHandler(broken -> {}))
                .build();
        opened.add(client);
        return client;
    }

    @PreDestroy
    void close() {
        opened.forEach(HttpClient::close);
        tls.close();
        if (relay != null) {
            relay.close();
        }
    }

    /** The client that requests are made with, on this event loop. */
    HttpClient client() {
        return clients.get();
    }

    /** A request to a port, on a connection that is there and leads to the container. It fails where there is none. */
    Future<HttpClientRequest> request(ListeningPorts instance, ListeningPort port) {
        if (isLed()) {
            // It could prove no connection of its own.
            return inside(instance, port);
        }
        String place = remember(instance) + ":" + port.port();
        Optional<String> address = insideOnly.contains(place) ? Optional.empty() : address(instance, port);
        if (address.isEmpty()) {
            return inside(instance, port);
        }
        return outside(instance, port, address.get())
                .recover(failure -> inside(instance, port).onSuccess(request -> insideOnly.add(place)));
    }

    /** Whether port-detector's relay is asked for everything. */
    boolean isLed() {
        return relay == null;
    }

    /** Whom this process's own relay is going to be asked for, and by which name. */
    private String remember(ListeningPorts instance) {
        if (containers.size() >= ProxyLimits.CONTAINERS_MAX) {
            containers.clear();
            insideOnly.clear();
        }
        String name = name(instance);
        containers.put(name, instance);
        return name;
    }

    private Future<HttpClientRequest> inside(ListeningPorts instance, ListeningPort port) {
        return request(options(instance, port)
                .setProxyOptions(throughRelay)
                .setConnectTimeout(ProxyLimits.CONNECT.toMillis()));
    }

    private Future<HttpClientRequest> outside(ListeningPorts instance, ListeningPort port, String address) {
        // By its name all the same: connections to what had the address before are not taken for this one's.
        return request(options(instance, port)
                        .setServer(SocketAddress.inetSocketAddress(port.port(), address))
                        .setConnectTimeout(ProxyLimits.CONNECT_OUTSIDE.toMillis()))
                .compose(request -> proved.contains(request.connection())
                        ? Future.succeededFuture(request)
                        : proved(instance, request));
    }

    private Future<HttpClientRequest> proved(ListeningPorts instance, HttpClientRequest request) {
        HttpConnection connection = request.connection();
        return Blocking.ask("spyhop-port-proof", () -> {
                    ContainerSockets.prove(
                            instance.containerId(),
                            Objects.requireNonNull(instance.pid()),
                            socketAddress(connection.localAddress()),
                            socketAddress(connection.remoteAddress()));
                    return request;
                })
                .onSuccess(nothing -> proved.add(connection))
                .onFailure(failure -> connection.close());
    }

    private Future<HttpClientRequest> request(RequestOptions options) {
        // Whoever waits for the answer is told of what breaks too; there it would only be logged.
        return client().request(options).onSuccess(request -> request.exceptionHandler(broken -> {}));
    }

    private RequestOptions options(ListeningPorts instance, ListeningPort port) {
        return new RequestOptions()
                .setHost(name(instance))
                .setPort(port.port())
                .setSsl(TLS.equals(protocols.of(instance, port)));
    }

    /** Where this machine reaches a port without entering the container's network; what listens by IPv6 only it does not. */
    private Optional<String> address(ListeningPorts instance, ListeningPort port) {
        boolean everywhere =
                port.address().equals(ListeningPort.ALL) && port.dial().equals(LOOPBACK);
        return everywhere
                        && !instance.hostNetwork()
                        && current(instance, port.port()).isPresent()
                ? instance.addresses().stream()
                        .filter(address -> address.indexOf(':') < 0)
                        .findFirst()
                : Optional.empty();
    }

    private static InetSocketAddress socketAddress(SocketAddress address) {
        return new InetSocketAddress(InetAddress.ofLiteral(address.hostAddress()), address.port());
    }

    /** Whether it is known what a port speaks. */
    boolean isKnown(ListeningPorts instance, ListeningPort port) {
        return protocols.of(instance, port) != null;
    }

    /** A port answered as HTTP. */
    void speaksHttp(ListeningPorts instance, ListeningPort port) {
        protocols.found(instance, port, "http");
    }

    /** Finds out whether a port that did not understand HTTP speaks TLS. It fails where that cannot be found out now. */
    Future<Boolean> speaksTls(ListeningPorts instance, ListeningPort port) {
        return tls.connect(port.port(), remember(instance))
                .map(socket -> {
                    protocols.found(instance, port, TLS);
                    socket.exceptionHandler(broken -> {}).close();
                    return true;
                })
                .recover(failure -> failure instanceof SSLHandshakeException
                        ? Future.succeededFuture(false)
                        : Future.failedFuture(failure));
    }

    private SocketChannel connect(String name, int number) {
        ListeningPorts known = containers.get(name);
        ListeningPorts instance = known == null ? null : current(known, number).orElse(null);
        if (instance == null) {
            throw PortException.noWay("nothing is known to listen there", null);
        }
        return open(instance, instance.port(number).orElseThrow());
    }

    /** A container on whose port something listens: as it is now, not as it was when the request came. */
    private Optional<ListeningPorts> current(ListeningPorts known, int number) {
        return table.find(known.workload(), known.index())
                .filter(now -> now.containerId().equals(known.containerId())
                        && now.pid() != null
                        && now.port(number).isPresent());
    }

    /** How many connections lead through the relay of this process. */
    int relayed() {
        return relay == null ? 0 : relay.count();
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

    private String name(ListeningPorts instance) {
        String id = instance.containerId();
        if (isLed()) {
            // One that has ended has none, and is led nowhere.
            return new RelayName(id, Objects.requireNonNullElse(instance.pid(), 0L)).toString();
        }
        return id.substring(0, Math.min(id.length(), NAME_LENGTH_MAX));
    }
}
