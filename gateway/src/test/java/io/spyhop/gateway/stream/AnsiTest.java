package io.spyhop.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnsiTest {
    /** ESC in the table is what stands in a row for it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                // Colours, cursor movement, private modes, intermediate characters.
                "ESC[31mredESC[0m            | red",
                "aESC[2KbESC[1;32;40mc        | abc",
                "ESC[?25lhiddenESC[?25h      | hidden",
                "ESC[38:2::1:2:3mx           | x",
                "ESC[1 qx                    | x",
                // Titles and links, ended in either way.
                "ESC]0;titleBELx             | x",
                "ESC]8;;http://a/?b=1ESC\\\\linkESC]8;;ESC\\\\ | link",
                "ESCPdataESC\\\\x            | x",
                // Single ones, with and without intermediate characters.
                "ESC(Bx                      | x",
                "ESC7aESC8b                  | ab",
                "ESC=x                       | x",
                "ESCMx                       | x",
                // What does not end takes nothing with it that could be read.
                "xESC                        | x",
                "xESC[                       | x",
                "xESC[31                     | x",
                "xESC[31;é                   | xé",
                "xESC]0;title                | x0;title",
                "xESC]0;aESC[31mb            | x0;ab",
                "xESCé                       | xé",
                "xESCESC[1my                 | xy",
                // What only looks like one.
                "a\\\\u001b[31mb             | a\\\\u001b[31mb",
                "\\\"[31m                    | \\\"[31m",
                "ünï[0m🐳                    | ünï[0m🐳",
            })
    void shouldLeaveSequencesOutOfMessages(String message, String expected) {
        for (String escape : new String[] {"\\" + "u001b", "\\" + "u001B"}) {
            // When
            String stripped = strip(row(message.replace("ESC", escape).replace("BEL", "\\" + "u0007")));

            // Then
            assertThat(stripped).isEqualTo(row(expected));
        }
    }

    @Test
    void shouldTouchMessagesOnlyWhenRowsHaveMore() {
        // Given
        String escape = "\\" + "u001b[1m";
        String plain = row("plain");
        String fields = "{\"lineNo\":2,\"at\":\"t\",\"stream\":\"stdout\",\"level\":\"info\",\"message\":\"a" + escape
                + "b\",\"fields\":{\"x\":\"" + escape + "\"}}\n";

        // When
        String stripped = strip(plain + fields + plain);

        // Then
        assertThat(stripped).isEqualTo(plain + fields.replaceFirst("a\\\\u001b\\[1mb", "ab") + plain);
    }

    @Test
    void shouldGiveTheSameBytesWhenThereIsNothingToLeaveOut() {
        // Given
        byte[] rows = row("plain").getBytes(StandardCharsets.UTF_8);

        // Then
        assertThat(Ansi.strip(rows)).isSameAs(rows);
    }

    private static String row(String message) {
        return "{\"lineNo\":1,\"at\":\"t\",\"stream\":\"stdout\",\"level\":\"info\",\"message\":\"" + message + "\"}\n";
    }

    private static String strip(String rows) {
        return new String(Ansi.strip(rows.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }
}
