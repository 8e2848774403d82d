package io.spyhop.ports.relay;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.spyhop.contracts.internal.InternalSecret;
import io.spyhop.contracts.port.RelayName;
import io.spyhop.engine.PortException;
import io.spyhop.engine.PortWay;
import io.spyhop.engine.namespace.ContainerSockets;
import io.spyhop.engine.namespace.NamespaceListeners;
import io.spyhop.engine.relay.SocketRelay;
import io.spyhop.ports.detect.DetectConfig;
import io.spyhop.ports.detect.FoundPort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Leads gateways to what listens inside containers of this machine, so that who faces the world needs no rights over their
 * networks. It believes nobody: that the process is the container's, and that one of the container's listens there, it sees
 * itself, each time. Any replica on the machine will do. Thread-safe.
 */
@ApplicationScoped
class PortRelay {
    /** A second less than a gateway waits: it is to hear that it was the port. */
    private static final Duration CONNECT = Duration.ofSeconds(4);

    private final RelayConfig config;
    private final DetectConfig detection;
    private final InternalSecret secret;
    private final String host;
    private volatile @Nullable SocketRelay relay;

    @Inject
    PortRelay(
            RelayConfig config,
            DetectConfig detection,
            InternalSecret secret,
            @ConfigProperty(name = "quarkus.http.host") String host,
            MeterRegistry registry) {
        this.config = config;
        this.detection = detection;
        this.secret = secret;
        this.host = host;
        Gauge.builder("spyhop_ports_relayed", this::count)
                .description("Connections of gateways into containers")
                .register(registry);
    }

    void start(@Observes StartupEvent event) {
        config.port().ifPresent(this::open);
    }

    void stop(@Observes ShutdownEvent event) {
        SocketRelay opened = relay;
        if (opened != null) {
            opened.close();
        }
    }

    private void open(int port) {
        String password = secret.password(RelayName.PASSWORD)
                .orElseThrow(() -> new ConfigurationException(
                        "spyhop.ports.relay.port (SPYHOP_PORTS_RELAY_PORT) needs SPYHOP_INTERNAL_SECRET"));
        try {
            relay = SocketRelay.open(this::connect, new InetSocketAddress(host, port), password);
        } catch (IOException | UnresolvedAddressException e) {
            throw new ConfigurationException("spyhop.ports.relay.port (SPYHOP_PORTS_RELAY_PORT): port " + port + " of "
                    + host + " cannot be listened on: " + e);
        }
    }

    /** The port that it listens on; 0 while it does not. */
    int port() {
        SocketRelay opened = relay;
        return opened == null ? 0 : opened.port();
    }

    private int count() {
        SocketRelay opened = relay;
        return opened == null ? 0 : opened.count();
    }

    private SocketChannel connect(String name, int port) {
        RelayName life = RelayName.of(name).orElseThrow(() -> PortException.noWay("no container is named so", null));
        if (!detection.enterNamespaces()) {
            throw PortException.noWay("networks are not to be entered", null);
        }
        FoundPort found = FoundPort.of(NamespaceListeners.on(life.containerId(), life.pid(), port))
                .get(port);
        if (found == null) {
            throw PortException.failed(PortException.Reason.REFUSED, PortWay.NAMESPACE, null);
        }
        return ContainerSockets.connect(life.containerId(), life.pid(), found.dial(), List.of(), port, CONNECT);
    }
}
