package io.spyhop.gateway.ports;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.port.ListeningPorts;
import org.junit.jupiter.api.Test;

class PortVisibilityTest {
    @Test
    void shouldBePrivateWhenNobodyKnowsWhatWasSet() {
        // Given: an operator may have closed what the label opens
        PortVisibility visibility = new PortVisibility(new PortVisibilityStore(Tables.away()));
        ListeningPorts instance = Tables.instance("web", "acme", 0, "c0ffee", null, PortVisibility.PUBLIC, 80);

        // When / Then
        assertThat(visibility.of(instance, 80)).isEqualTo(PortVisibility.PRIVATE);
    }
}
