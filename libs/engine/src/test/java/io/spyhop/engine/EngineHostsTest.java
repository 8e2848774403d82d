package io.spyhop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spyhop.engine.docker.DockerEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineHostsTest {
    @TempDir
    Path folder;

    @Test
    void shouldHaveOneHostWhenNothingIsConfigured() {
        try (EngineHosts hosts = EngineHosts.of(new Configured())) {
            assertThat(hosts.names()).containsExactly("local");
            assertThat(hosts.address("local").endpoint().getScheme()).isIn("unix", "tcp");
        }
    }

    @Test
    void shouldShareAnEngineWhenItIsAskedForTwice() {
        try (EngineHosts hosts = EngineHosts.of(
                new Configured().with("a", "unix:///a.sock", null).with("b", "tcp://127.0.0.1:2375", null))) {
            assertThat(hosts.names()).containsExactlyInAnyOrder("a", "b");
            assertThat(hosts.engine("a")).isSameAs(hosts.engine("a")).isNotSameAs(hosts.engine("b"));
            assertThat(hosts.address("a").endpoint()).hasToString("unix:///a.sock");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a_b | unix:///a.sock          | spyhop.hosts."a_b": a host's name
            A   | unix:///a.sock          | spyhop.hosts."A": a host's name
            a   |                         | spyhop.hosts."a": the endpoint is missing
            a   | no endpoint             | spyhop.hosts."a": not unix
            a   | /a.sock                 | spyhop.hosts."a": not unix
            a   | unix://                 | spyhop.hosts."a": not unix
            a   | unix:///                | spyhop.hosts."a": a path is missing
            a   | tcp://somewhere         | spyhop.hosts."a": name or port is missing
            a   | https://somewhere:2376  | spyhop.hosts."a": an engine's endpoint is tcp://
            a   | ssh://me@somewhere:22   | spyhop.hosts."a": not unix
            """)
    void shouldSayWhichSettingIsWrongWhenItIs(String name, @Nullable String endpoint, String sentence) {
        assertThatThrownBy(() -> EngineHosts.of(new Configured().with(name, endpoint, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SPYHOP_HOSTS_EAST_2", "SPYHOP_HOSTS_WEST_CERTIFICATE", "SPYHOP_HOSTS_"})
    void shouldNameTheVariableWhenNoHostIsMeantByIt(String variable) {
        // Given
        Configured config =
                new Configured().with("west", "unix:///a.sock", null).with("east.2", "tcp://e:1", null);
        Set<String> good = Set.of(
                "SPYHOP_HOSTS_WEST",
                "SPYHOP_HOSTS_WEST_CERTIFICATES",
                "SPYHOP_HOSTS__EAST_2__",
                "SPYHOP_HOSTS__EAST_2__CERTIFICATES",
                "SPYHOP_DATA");

        // Then
        EngineHosts.of(config, good, DockerEngine::connect).close();
        assertThatThrownBy(() -> EngineHosts.of(config, Set.of("SPYHOP_HOSTS_WEST", variable), DockerEngine::connect))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(variable + ": no host");
    }

    @Test
    void shouldNameTheFileWhenACertificateIsMissingOrWrong() throws IOException {
        // Given
        Configured config = new Configured().with("a", "tcp://127.0.0.1:2376", folder);
        Files.writeString(folder.resolve("ca.pem"), "nothing");
        Files.writeString(folder.resolve("cert.pem"), "of the");

        // Then
        assertThatThrownBy(() -> EngineHosts.of(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("spyhop.hosts.\"a\".certificates: " + folder.resolve("key.pem"));

        // When
        Files.writeString(folder.resolve("key.pem"), "kind");

        // Then
        assertThatThrownBy(() -> EngineHosts.of(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("spyhop.hosts.\"a\".certificates: ")
                .hasMessageContaining(folder.toString());
    }

    @Test
    void shouldRefuseCertificatesWhenTheEndpointIsASocket() {
        assertThatThrownBy(() -> EngineHosts.of(new Configured().with("a", "unix:///a.sock", folder)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("spyhop.hosts.\"a\": certificates are for tcp://name:port only");
    }

    @Test
    void shouldKnowNoCredentialsWhenAnEndpointHasThem() {
        try (EngineHosts hosts =
                EngineHosts.of(new Configured().with("a", "tcp://me:hunter2@127.0.0.1:2375/x?token=hunter2#y", null))) {
            assertThat(hosts.address("a").endpoint()).hasToString("tcp://127.0.0.1:2375");
        }
        assertThatThrownBy(() -> EngineHosts.of(new Configured().with("a", "tcp://me:hunter2@:x y", null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void shouldRefuseWhenTheHostIsNotConfigured() {
        try (EngineHosts hosts = EngineHosts.of(new Configured())) {
            assertThatThrownBy(() -> hosts.engine("elsewhere")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Settings as they would be read. */
    private record Configured(Map<String, HostsConfig.Host> hosts) implements HostsConfig {
        Configured() {
            this(Map.of());
        }

        Configured with(String name, @Nullable String endpoint, @Nullable Path certificates) {
            Map<String, HostsConfig.Host> more = new HashMap<>(hosts);
            more.put(name, new One(Optional.ofNullable(endpoint), Optional.ofNullable(certificates)));
            return new Configured(more);
        }

        private record One(Optional<String> endpoint, Optional<Path> certificates) implements HostsConfig.Host {}
    }
}
