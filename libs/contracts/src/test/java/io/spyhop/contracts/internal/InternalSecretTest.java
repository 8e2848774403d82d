package io.spyhop.contracts.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.setting.SomeSettings;
import org.junit.jupiter.api.Test;

class InternalSecretTest {
    private final InternalSecret secret = SomeSettings.secret("between us");

    @Test
    void shouldMatchItselfAlone() {
        assertThat(secret.matches("between us")).isTrue();
        assertThat(secret.matches("between u")).isFalse();
        assertThat(secret.matches(null)).isFalse();
        assertThat(SomeSettings.secret(null).matches("")).isFalse();
    }

    @Test
    void shouldMakeAPasswordOfItsOwnForEachPurpose() {
        // When
        String password = secret.password("relay").orElseThrow();

        // Then: as HMAC-SHA-256 (RFC 2104) has it
        assertThat(password).isEqualTo("f7822a9d28948503c3bc7c77ba7c212c708dc912e4009321755f4f9b971791fb");
        assertThat(SomeSettings.secret("between us").password("relay")).contains(password);
        assertThat(secret.password("else")).get().isNotEqualTo(password);
        assertThat(SomeSettings.secret("between others").password("relay"))
                .get()
                .isNotEqualTo(password);
        assertThat(SomeSettings.secret(null).password("relay")).isEmpty();
    }
}
