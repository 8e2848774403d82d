package io.spyhop.standalone.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitOptionsTest {
    @Test
    void shouldRunOneOfEachWhenNothingIsSaid() {
        // When
        SplitOptions options = SplitOptions.parse(List.of());

        // Then
        assertThat(options.replicasOf("log-service")).isEqualTo(1);
        assertThat(options.restartDelay()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void shouldReadBothSpellingsWhenOptionsAreGiven() {
        // When
        SplitOptions options = SplitOptions.parse(
                List.of("--replicas", "log-service=2", "--replicas=gateway=3", "--restart-delay", "9"));

        // Then
        assertThat(options).isEqualTo(new SplitOptions(Map.of("log-service", 2, "gateway", 3), Duration.ofSeconds(9)));
        assertThat(SplitOptions.parse(List.of("--restart-delay=9")).restartDelay())
                .isEqualTo(Duration.ofSeconds(9));
    }

    @ParameterizedTest
    @CsvSource({
        "--replicas, --replicas wants a value.",
        "--replicas=log-service, --replicas wants <service>=<number>",
        "--replicas=logs=2, the service is one of gateway",
        "--replicas=log-service=0, --replicas log-service wants a whole number from 1 to 6.",
        "--replicas=log-service=7, --replicas log-service wants a whole number from 1 to 6.",
        "--replicas=log-service=x, --replicas log-service wants a whole number from 1 to 6.",
        "--restart-delay=0, --restart-delay wants a whole number from 1 to 3600.",
        "--restart-delay=99999, --restart-delay wants a whole number from 1 to 3600.",
        "--fast, There is no option --fast with --split.",
        "--fast=1, There is no option --fast=1 with --split.",
    })
    void shouldSayWhatIsWrongWhenAnOptionIs(String argument, String sentence) {
        assertThatThrownBy(() -> SplitOptions.parse(List.of(argument)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
    }
}
