package io.spyhop.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.proxy.ProxyConnectException;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.spyhop.contracts.port.ListeningPort;
import io.spyhop.contracts.port.ListeningPorts;
import io.spyhop.contracts.port.RelayName;
import io.spyhop.contracts.setting.SomeSettings;
import io.spyhop.engine.relay.SocketRelay;
import io.spyhop.gateway.Certificate;
import io.spyhop.gateway.ports.PortsTable;
import io.spyhop.gateway.ports.Tables;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever may have got past what is checked before: the last one who opens a connection looks at the table too. */
class OriginsIT {
    private static final String NO_WAY = "FORBIDDEN";
    private static final String ID = "0123456789abcdef".repeat(4);

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger connections = new AtomicInteger();
    private final HttpServer server = vertx.createHttpServer()
            .connectionHandler(connection -> connections.incrementAndGet())
            .requestHandler(request -> request.response().end());
    private final int port = server.listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join()
            .actualPort();
    private final ListeningPorts instance = instance(Tables.thisContainer(), port);
    private final PortsTable table = Tables.of(instance);
    private final Origins origins = origins(null, null);

    @AfterEach
    void close() {
        origins.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void shouldLeadToWhatIsKnownAtThatMoment() {
        // When / Then: a connection that stays in use, so that each of the next wants one of its own
        assertThat(request(instance, port).join()).isNotNull();
        // Then: what was there once, whatever listens there now
        ListeningPorts none = instance(Tables.thisContainer());
        table.changed(none.key(), none);
        assertThatThrownBy(() -> request(instance, port).join()).hasMessageContaining(NO_WAY);
        // Then: another container in the place of the one that was asked for
        ListeningPorts other = instance("another-container", port);
        table.removed(none.key(), none);
        table.changed(other.key(), other);
        assertThatThrownBy(() -> request(instance, port).join()).hasMessageContaining(NO_WAY);
        // Then: none
        table.removed(other.key(), other);
        assertThatThrownBy(() -> request(instance, port).join()).hasMessageContaining(NO_WAY);
    }

    @Test
    void shouldDialAnAddressWhenThatIsProvedToLeadToTheContainer() {
        // Given
        ListeningPorts everywhere = everywhere(instance);
        table.changed(everywhere.key(), everywhere);

        // When / Then
        HttpClientRequest request = request(everywhere, port).join();
        assertThat(request.connection().remoteAddress().port()).isEqualTo(port);
        assertThat(origins.relayed()).isZero();
        assertThat(sent(request)).isEqualTo(200);
        // Then: on connections that are there already
        for (int i = 1; i < 10; i++) {
            assertThat(sent(request(everywhere, port).join())).isEqualTo(200);
        }
        assertThat(connections.get()).isLessThan(10);
        // Then: not any more once nothing is known to listen there
        ListeningPorts none = instance(Tables.thisContainer());
        table.changed(none.key(), none);
        assertThatThrownBy(() -> request(everywhere, port).join()).hasMessageContaining(NO_WAY);
    }

    @Test
    void shouldAskNothingWhenAnAddressLeadsToAnotherContainer() throws IOException {
        try (ServerSocket elsewhere = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Given
            elsewhere.setSoTimeout(10_000);
            ListeningPorts other = everywhere(instance("another-container", elsewhere.getLocalPort()));
            table.removed(instance.key(), instance);
            table.changed(other.key(), other);

            // When / Then
            assertThatThrownBy(() -> request(other, elsewhere.getLocalPort()).join())
                    .hasMessageContaining(NO_WAY);
            try (Socket dialled = elsewhere.accept()) {
                dialled.setSoTimeout(10_000);
                assertThat(dialled.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void shouldAskTheRelayOfAnotherServiceForAllWhenItIsToldOfOne() throws IOException {
        // Given: what it would dial itself otherwise
        ListeningPorts everywhere = everywhere(instance(ID, port));
        table.changed(everywhere.key(), everywhere);
        List<String> asked = new CopyOnWriteArrayList<>();
        SocketRelay relay = relay(asked);
        int at = relay.port();
        Origins led = origins("socks5://127.0.0.1:" + at, "between us");
        Origins guesses = origins("socks5://127.0.0.1:" + at, "between others");
        try (relay) {
            // When / Then
            assertThat(sent(request(led, everywhere, port).join())).isEqualTo(200);
            assertThat(asked)
                    .containsExactly(new RelayName(ID, ProcessHandle.current().pid()).toString());
            assertThatThrownBy(() -> request(guesses, everywhere, port).join()).hasMessageContaining("authStatus");
        }
        // Then: what is told once it is away
        led.close();
        assertThatThrownBy(() -> request(origins("socks5://127.0.0.1:" + at, "between us"), everywhere, port)
                        .join())
                .hasCauseInstanceOf(ConnectException.class)
                .cause()
                .isNotInstanceOf(ProxyConnectException.class);
        guesses.close();
    }

    @Test
    void shouldFindOutThroughTheRelayOfAnotherServiceWhetherAPortSpeaksTls() throws IOException {
        // Given
        HttpServer encrypted =
                vertx.createHttpServer(new HttpServerOptions().setSsl(true).setKeyCertOptions(Certificate.any()));
        int tls = encrypted
                .requestHandler(request -> request.response().end())
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        ListeningPorts both = instance(ID, port, tls);
        SocketRelay relay = relay(new CopyOnWriteArrayList<>());
        Origins led = origins("socks5://127.0.0.1:" + relay.port(), "between us");

        // When / Then: what it says, also to those who ask next
        try (relay) {
            assertThat(speaksTls(led, both, port).join()).isFalse();
            assertThat(speaksTls(led, both, tls).join()).isTrue();
            assertThat(sent(request(led, both, tls).join())).isEqualTo(200);
        }
        // Then: nothing where it cannot be asked
        assertThatThrownBy(() -> speaksTls(led, both, tls).join()).hasCauseInstanceOf(ConnectException.class);
        led.close();
    }

    /** One that leads to ports of this machine, and keeps what it was asked for. */
    private static SocketRelay relay(List<String> asked) throws IOException {
        return SocketRelay.open(
                (name, number) -> {
                    asked.add(name);
                    return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), number));
                },
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                SomeSettings.secret("between us").password(RelayName.PASSWORD).orElseThrow());
    }

    private static CompletableFuture<Boolean> speaksTls(Origins origins, ListeningPorts of, int number) {
        return origins.speaksTls(of, of.port(number).orElseThrow())
                .toCompletionStage()
                .toCompletableFuture();
    }

    @Test
    void shouldNotStartWhenARelayIsToldWithoutTheSecret() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> origins("socks5://127.0.0.1:1", null))
                .withMessageContaining("SPYHOP_INTERNAL_SECRET");
    }

    private Origins origins(@Nullable String relay, @Nullable String secret) {
        return new Origins(
                table,
                Tables.protocols(),
                () -> Optional.ofNullable(relay).map(URI::create),
                SomeSettings.secret(secret),
                vertx);
    }

    private static int sent(HttpClientRequest request) {
        return request.send()
                .map(HttpClientResponse::statusCode)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** One that listens on all addresses, of which this machine knows one. */
    private static ListeningPorts everywhere(ListeningPorts instance) {
        return new ListeningPorts(
                instance.workload(),
                instance.org(),
                instance.host(),
                instance.containerId(),
                instance.index(),
                instance.startedAt(),
                instance.pid(),
                false,
                List.of("127.0.0.1"),
                instance.visibility(),
                instance.way(),
                instance.at(),
                instance.ports().stream()
                        .map(each -> new ListeningPort(
                                each.port(), ListeningPort.ALL, each.dial(), null, null, each.since()))
                        .toList(),
                0,
                List.of(),
                List.of(),
                List.of());
    }

    private static ListeningPorts instance(String container, int... ports) {
        return Tables.instance(
                "web", "acme", 0, container, ProcessHandle.current().pid(), null, ports);
    }

    private CompletableFuture<HttpClientRequest> request(ListeningPorts of, int number) {
        return request(origins, of, number);
    }

    private static CompletableFuture<HttpClientRequest> request(Origins origins, ListeningPorts of, int number) {
        return origins.request(of, of.port(number).orElseThrow())
                .toCompletionStage()
                .toCompletableFuture();
    }
}
