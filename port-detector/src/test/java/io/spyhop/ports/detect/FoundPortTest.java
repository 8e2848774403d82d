package io.spyhop.ports.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.engine.ListenSocket;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoundPortTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, false, all, 127.0.0.1",
        "'::', true, all, 127.0.0.1",
        "'::', false, all, '::1'",
        "127.0.0.1, false, loopback, 127.0.0.1",
        "127.0.0.53, false, loopback, 127.0.0.53",
        "'::1', false, loopback, '::1'",
        "172.17.0.2, false, 172.17.0.2, 172.17.0.2",
        "fe80:0:0:0:1:2:3:4, false, fe80:0:0:0:1:2:3:4, fe80:0:0:0:1:2:3:4",
    })
    void shouldSayWhereItListensAndWhereItAnswers(String address, boolean both, String told, String dial) {
        // When
        FoundPort port = FoundPort.of(List.of(socket(address, both, null)))
                .values()
                .iterator()
                .next();

        // Then
        assertThat(port.address()).isEqualTo(told);
        assertThat(port.dial()).isEqualTo(dial);
    }

    @Test
    void shouldBeOnePortWhateverSocketsThereAre() {
        // When
        List<FoundPort> ports = List.copyOf(FoundPort.of(List.of(
                        socket("::1", false, null),
                        socket("172.17.0.2", false, 9L),
                        socket("127.0.0.1", false, 7L),
                        socket("127.0.0.1", false, 8L)))
                .values());

        // Then: the widest address, the best one to dial, and the parent
        assertThat(ports).containsExactly(new FoundPort(80, "172.17.0.2", "127.0.0.1", "p7", 7L));
    }

    private static ListenSocket socket(String address, boolean both, @Nullable Long pid) {
        return new ListenSocket(80, address, both, pid == null ? null : "p" + pid, pid);
    }
}
