package io.spyhop.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayUrlTest {
    private final RelayUrl converter = new RelayUrl();

    @Test
    void shouldReadWhereARelayListens() {
        assertThat(converter.convert(" socks5://port-detector:8086 "))
                .isEqualTo(URI.create("socks5://port-detector:8086"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "port-detector:8086",
                "http://port-detector:8086",
                "socks5://port-detector",
                "socks5://:8086",
                "socks5://a:70000",
                "socks5://a:0",
                "socks5://me@a:1",
                "socks5://a:1/b",
                "socks5://a b:1"
            })
    void shouldRefuseAnythingElse(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> converter.convert(text))
                .withMessageContaining("socks5://port-detector:8086");
    }
}
