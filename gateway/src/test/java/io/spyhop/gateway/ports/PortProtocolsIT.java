package io.spyhop.gateway.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.spyhop.contracts.port.ListeningPort;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.gateway.Backends;
import io.spyhop.gateway.ports.PortProtocols.Opened;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class PortProtocolsIT {
    @Inject
    PortProtocolStore store;

    private final String container = UUID.randomUUID().toString();

    @Test
    void shouldKnowAtTheNextStartWhatWasFoundOutOfTheSameProgram() {
        // Given
        ListeningPorts instance = Tables.instance("web", "acme", 0, container, null, null, 80, 443);
        ListeningPort plain = instance.ports().getFirst();
        ListeningPort tls = instance.ports().getLast();
        PortProtocols before = new PortProtocols(store);
        before.found(instance, plain, "http");
        before.found(instance, tls, "http");
        await().until(() -> store.newest(10).keySet().containsAll(Set.of(opened(plain), opened(tls))));
        before.found(instance, tls, "https");

        // When
        PortProtocols after = await().until(this::started, started -> "https".equals(started.of(instance, tls)));

        // Then
        assertThat(after.of(instance, plain)).isEqualTo("http");
        ListeningPorts later = Tables.instance("web", "acme", 0, container, null, null, 80);
        assertThat(after.of(later, later.ports().getFirst())).isNull();
        // Then: another program's takes the place of the former's
        after.found(later, later.ports().getFirst(), "https");
        await().until(() -> "https".equals(started().of(later, later.ports().getFirst())));
        assertThat(started().of(instance, plain)).isNull();
    }

    @Test
    void shouldForgetWhatWasFoundOutLongAgo() {
        // Given
        Opened old = new Opened(container, 80, Instant.EPOCH);
        Opened recent = new Opened(container, 81, Instant.EPOCH);
        store.put(old, "http", Instant.now().minus(Duration.ofDays(31)));
        store.put(recent, "http", Instant.now().minus(Duration.ofDays(29)));

        // When
        started();

        // Then
        assertThat(store.newest(10_000)).containsKey(recent).doesNotContainKey(old);
    }

    private Opened opened(ListeningPort port) {
        return new Opened(container, port.port(), port.since());
    }

    private PortProtocols started() {
        PortProtocols protocols = new PortProtocols(store);
        protocols.load();
        return protocols;
    }
}
