package io.spyhop.gateway.ports;

import io.quarkus.runtime.StartupEvent;
import io.spyhop.contracts.port.ListeningPort;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.contracts.problem.SpyhopException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What ports speak, as whoever opened one first found out: of that program, for another one's port is listed since another time.
 * It is stored for the next start of the gateway; while the database is away it is known here only. Thread-safe; never blocks.
 */
@ApplicationScoped
public class PortProtocols {
    /** Whoever opens an older port finds out again, after the next start. */
    private static final Duration KEPT = Duration.ofDays(30);

    /** Beyond so many ports that were opened all are found out anew. */
    private static final int PORTS_MAX = 10_000;

    private static final Logger LOGGER = LoggerFactory.getLogger(PortProtocols.class);

    private final PortProtocolStore store;
    private final Map<Opened, String> protocols = new ConcurrentHashMap<>();

    @Inject
    PortProtocols(PortProtocolStore store) {
        this.store = store;
    }

    /**
     * A port that was opened.
     *
     * @param since when its program began to listen, as exact as the database keeps it
     */
    record Opened(String containerId, int port, Instant since) {
        Opened {
            since = since.truncatedTo(ChronoUnit.MICROS);
        }
    }

    void start(@Observes StartupEvent event) {
        Thread.ofVirtual().name("spyhop-port-protocols").start(this::load);
    }

    /** Learns what is stored. Blocks. */
    void load() {
        try {
            store.forget(Instant.now().minus(KEPT));
            store.newest(PORTS_MAX).forEach(protocols::putIfAbsent);
        } catch (SpyhopException e) {
            LOGGER.atWarn().addKeyValue("reason", e.toString()).log("What ports speak is found out again.");
        }
    }

    /** What a port speaks, {@code http} or {@code https}; null until somebody opened it. */
    public @Nullable String of(ListeningPorts instance, ListeningPort port) {
        return protocols.get(opened(instance, port));
    }

    /** Somebody opened a port and found out what it speaks. */
    public void found(ListeningPorts instance, ListeningPort port, String protocol) {
        if (protocols.size() >= PORTS_MAX) {
            protocols.clear();
        }
        Opened opened = opened(instance, port);
        if (!protocol.equals(protocols.put(opened, protocol))) {
            Thread.ofVirtual().name("spyhop-port-protocol").start(() -> store(opened, protocol));
        }
    }

    private void store(Opened opened, String protocol) {
        try {
            store.put(opened, protocol, Instant.now());
        } catch (SpyhopException e) {
            LOGGER.atDebug().addKeyValue("reason", e.toString()).log("What a port speaks was not stored.");
        }
    }

    private static Opened opened(ListeningPorts instance, ListeningPort port) {
        return new Opened(instance.containerId(), port.port(), port.since());
    }
}
