package io.spyhop.standalone.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    @Test
    void shouldPutEveryLineBehindItsNameWhenNamesDifferInLength() {
        // Given
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Console console = new Console(new PrintStream(printed, true, StandardCharsets.UTF_8));
        console.widen("log-service-0");

        // When
        console.print("log-service-0", "one");
        console.print("broker", "two");
        console.tell("broker", "ended.");

        // Then
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("log-service-0 | one", "broker        | two", "spyhop        | broker ended.");
    }
}
