package io.spyhop.ports.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.spyhop.contracts.port.RelayName;
import io.spyhop.contracts.setting.SomeSettings;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.relay.SocketRelay;
import io.spyhop.ports.detect.DetectConfig;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Leads an HTTP client into real containers, as a gateway would be. As root, for namespaces are root's to enter. */
class PortRelayIT {
    private static final String SERVE = "mkdir /www && echo %s > /www/index.html && exec httpd -f -p %s -h /www";
    private static final String NO_WAY = "FORBIDDEN";
    private static final String REFUSED = "CONNECTION_REFUSED";

    private final DockerContainers containers = new DockerContainers();
    private final Vertx vertx = Vertx.vertx();
    private final List<PortRelay> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(relay -> relay.stop(new ShutdownEvent()));
        vertx.close().toCompletionStage().toCompletableFuture().join();
        containers.close();
    }

    @Test
    void shouldLeadToWhatListensInAContainer() {
        // Given: what no address leads to
        String four = containers.runScript(SERVE.formatted("four", "127.0.0.1:8080"));
        String six = containers.runScriptWithIpv6(SERVE.formatted("six", "[::1]:8080"));
        HttpClient client = client(open(true, 0, "between us"), "between us");

        // When / Then
        await().untilAsserted(() -> assertThat(get(client, life(four), 8080)).isEqualTo("four\n"));
        await().untilAsserted(() -> assertThat(get(client, life(six), 8080)).isEqualTo("six\n"));
    }

    @Test
    void shouldLeadNowhereElse() throws IOException {
        try (ServerSocket outside = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // Given: one that has the network of its machine, and one with a network of its own
            String own = containers.runScript(SERVE.formatted("own", "127.0.0.1:8080"));
            String host = containers.run(
                    "--network=host", DockerContainers.IMAGE, "sh", "-c", SERVE.formatted("host", "127.0.0.1:18086"));
            HttpClient client = client(open(true, 0, "between us"), "between us");
            await().untilAsserted(() -> assertThat(get(client, life(own), 8080)).isEqualTo("own\n"));
            await().untilAsserted(
                            () -> assertThat(get(client, life(host), 18086)).isEqualTo("host\n"));

            // When / Then: where nothing listens
            assertThatThrownBy(() -> get(client, life(own), 8081)).hasMessageContaining(REFUSED);
            // Then: where something listens that is not the container's
            assertThatThrownBy(() -> get(client, life(host), outside.getLocalPort()))
                    .hasMessageContaining(REFUSED);
            // Then: a process that is not the container's
            assertThatThrownBy(() -> get(client, new RelayName(own, life(host).pid()), 18086))
                    .hasMessageContaining(NO_WAY);
            assertThatThrownBy(() -> get(
                            client, new RelayName(own, ProcessHandle.current().pid()), outside.getLocalPort()))
                    .hasMessageContaining(NO_WAY);
            // Then: one that has ended
            RelayName ended = life(own);
            containers.docker("kill", own);
            await().until(() -> !Files.exists(Path.of("/proc/" + ended.pid())));
            assertThatThrownBy(() -> get(client, ended, 8080)).hasMessageContaining("NETWORK_UNREACHABLE");
            // Then: what is no container
            assertThatThrownBy(() -> get(client, "localhost", outside.getLocalPort()))
                    .hasMessageContaining(NO_WAY);
        }
    }

    @Test
    void shouldLeadNobodyWhoDoesNotKnowTheSecretOrWhereNoNetworkMayBeEntered() {
        // Given
        String container = containers.runScript(SERVE.formatted("well", "127.0.0.1:8080"));
        PortRelay relay = open(true, 0, "between us");
        HttpClient knows = client(relay, "between us");
        await().untilAsserted(
                        () -> assertThat(get(knows, life(container), 8080)).isEqualTo("well\n"));

        // When
        HttpClient guesses = client(relay, "between others");
        HttpClient kept = client(open(false, 0, "between us"), "between us");

        // Then
        assertThatThrownBy(() -> get(guesses, life(container), 8080)).hasMessageContaining("authStatus");
        assertThatThrownBy(() -> get(kept, life(container), 8080)).hasMessageContaining(NO_WAY);
    }

    @Test
    void shouldSayWhyItCannotStart() {
        // Given
        int taken = open(true, 0, "between us").port();

        // When / Then
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> open(true, taken, "between us"))
                .withMessageContaining("SPYHOP_PORTS_RELAY_PORT")
                .withMessageContaining(Integer.toString(taken));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> open(true, 0, null))
                .withMessageContaining("SPYHOP_INTERNAL_SECRET");
    }

    private record Detection(Duration interval, Duration localInterval, boolean enterNamespaces)
            implements DetectConfig {}

    private PortRelay open(boolean enters, int port, @Nullable String secret) {
        PortRelay relay = new PortRelay(
                () -> Optional.of(port),
                new Detection(Duration.ofSeconds(10), Duration.ofSeconds(2), enters),
                SomeSettings.secret(secret),
                "127.0.0.1",
                new SimpleMeterRegistry());
        relay.start(new StartupEvent());
        opened.add(relay);
        return relay;
    }

    private HttpClient client(PortRelay relay, String secret) {
        return vertx.createHttpClient(new HttpClientOptions()
                .setProxyOptions(new ProxyOptions()
                        .setType(ProxyType.SOCKS5)
                        .setHost("127.0.0.1")
                        .setPort(relay.port())
                        .setUsername(SocketRelay.USER)
                        .setPassword(SomeSettings.secret(secret)
                                .password(RelayName.PASSWORD)
                                .orElseThrow())));
    }

    private static String get(HttpClient client, Object name, int port) {
        return client.request(HttpMethod.GET, port, name.toString(), "/")
                .compose(request -> request.send().compose(HttpClientResponse::body))
                .map(Buffer::toString)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private RelayName life(String container) {
        return new RelayName(
                container, Long.parseLong(containers.docker("inspect", "--format", "{{.State.Pid}}", container)));
    }
}
