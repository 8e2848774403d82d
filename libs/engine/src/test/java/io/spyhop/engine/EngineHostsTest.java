package io.spyhop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineHostsTest {
    @Test
    void shouldHaveOneHostWhenNothingIsConfigured() {
        try (EngineHosts hosts = EngineHosts.of(Map.of())) {
            assertThat(hosts.names()).containsExactly("local");
        }
    }

    @Test
    void shouldShareAnEngineWhenItIsAskedForTwice() {
        try (EngineHosts hosts = EngineHosts.of(Map.of("a", "unix:///a.sock", "b", "tcp://127.0.0.1:2375"))) {
            assertThat(hosts.names()).containsExactlyInAnyOrder("a", "b");
            assertThat(hosts.engine("a")).isSameAs(hosts.engine("a")).isNotSameAs(hosts.engine("b"));
        }
    }

    @Test
    void shouldSayWhichSettingIsWrongWhenItIs() {
        assertThatThrownBy(() -> EngineHosts.of(Map.of("a|b", "unix:///a.sock")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("spyhop.hosts");
        assertThatThrownBy(() -> EngineHosts.of(Map.of("a", "no endpoint")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("spyhop.hosts.a");
        assertThatThrownBy(() -> EngineHosts.of(Map.of("a", "/a.sock")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("spyhop.hosts.a");
    }

    @Test
    void shouldRefuseWhenTheHostIsNotConfigured() {
        try (EngineHosts hosts = EngineHosts.of(Map.of())) {
            assertThatThrownBy(() -> hosts.engine("elsewhere")).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
