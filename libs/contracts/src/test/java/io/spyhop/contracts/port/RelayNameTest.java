package io.spyhop.contracts.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"f", "0", "a"})
    void shouldBeOnePartOfANameAndReadAgain(String digit) {
        // Given
        RelayName name = new RelayName(digit.repeat(63) + "1", 4_194_304);

        // When
        String text = name.toString();

        // Then
        assertThat(text).hasSizeLessThanOrEqualTo(63).matches("[0-9a-z]+-4194304");
        assertThat(RelayName.of(text)).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "127.0.0.1",
                "docker-0",
                "docker-01",
                "docker-12345678901",
                "docker-1\n",
                "Docker-1",
                "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz-1",
                "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz-1"
            })
    void shouldReadNothingElse(String text) {
        assertThat(RelayName.of(text)).isEmpty();
    }

    @Test
    void shouldNameNothingWhenTheIdIsNoEngines() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RelayName("system.slice", 1));
    }
}
