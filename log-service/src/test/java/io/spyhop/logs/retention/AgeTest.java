package io.spyhop.logs.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spyhop.contracts.setting.ByteSize;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgeTest {
    @ParameterizedTest
    @CsvSource({"90s,90s", "60s,1m", "15m,15m", "36h,36h", "48h,2d", "14d,14d", "2w,14d", "' 7D ',7d", "forever,forever"
    })
    void shouldBeWrittenInTheLargestUnitWhenItIsRead(String text, String written) {
        // When
        Age age = Age.parse(text);

        // Then
        assertThat(age).hasToString(written);
        assertThat(Age.parse(written)).isEqualTo(age);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "d", "0d", "-1d", "1.5h", "7 d", "7y", "36501d", "999999999999w", "P7D", "always"})
    void shouldBeRefusedWhenItIsNone(String text) {
        assertThatThrownBy(() -> Age.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("such as 12h, 7d or 2w");
    }

    @Test
    void shouldTellBeforeWhenLinesAreTooOld() {
        // Given
        Instant now = Instant.ofEpochSecond(100_000, 5);

        // When
        long before = Age.parse("1d").before(now);

        // Then
        assertThat(before).isEqualTo(Duration.ofSeconds(13_600, 5).toNanos());
        assertThat(Age.FOREVER.before(now)).isEqualTo(Long.MIN_VALUE);
    }

    @ParameterizedTest
    @CsvSource({"1024,1024", "1k,1024", "512m,536870912", "512MiB,536870912", "1g,1073741824", "2t,2199023255552"})
    void shouldBeInBytesWhenASizeIsRead(String text, long bytes) {
        assertThat(ByteSize.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "1023", "-1g", "1.5g", "g", "1p", "999999999999999999t"})
    void shouldBeRefusedWhenItIsNoSize(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("such as 512m, 20g");
    }
}
