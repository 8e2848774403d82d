package io.spyhop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineHostsTest {
    @Test
    void shouldNameTheSocketWhenNothingIsConfigured() {
        assertThat(EngineHosts.resolve(Map.of(), null))
                .isEqualTo(Map.of("local", URI.create("unix:///var/run/docker.sock")));
    }

    @Test
    void shouldTakeDockerHostWhenNothingIsConfigured() {
        assertThat(EngineHosts.resolve(Map.of(), "tcp://10.0.0.1:2376"))
                .isEqualTo(Map.of("local", URI.create("tcp://10.0.0.1:2376")));
    }

    @Test
    void shouldIgnoreDockerHostWhenHostsAreConfigured() {
        assertThat(EngineHosts.resolve(Map.of("a", "unix:///a.sock"), "tcp://10.0.0.1:2376"))
                .isEqualTo(Map.of("a", URI.create("unix:///a.sock")));
    }

    @Test
    void shouldSayWhichSettingIsWrongWhenItIs() {
        assertThatThrownBy(() -> EngineHosts.resolve(Map.of("a|b", "unix:///a.sock"), null))
                .hasMessageContaining("spyhop.hosts");
        assertThatThrownBy(() -> EngineHosts.resolve(Map.of("a", "no endpoint"), null))
                .hasMessageContaining("spyhop.hosts.a");
        assertThatThrownBy(() -> EngineHosts.resolve(Map.of("a", "/a.sock"), null))
                .hasMessageContaining("spyhop.hosts.a");
    }
}
