package io.spyhop.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.engine.Counters;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScanBufferTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "42, 42",
        "' 7', 7",
        "max, -1",
        "'', -1",
        "9223372036854775807, 9223372036854775807",
        "18446744073709551615, 9223372036854775807",
        "-1, -1"
    })
    void shouldReadTheOnlyNumber(String text, long number) throws IOException {
        assertThat(filled(text + "\n").only()).isEqualTo(number);
    }

    @Test
    void shouldFindAKeyOnlyWhereItBeginsALine() throws IOException {
        ScanBuffer buffer = filled("inactive_file_x 1\nx inactive_file 2\ninactive_file 3\nlast 4");

        assertThat(buffer.value(KernelReader.ascii("inactive_file"))).isEqualTo(3);
        assertThat(buffer.value(KernelReader.ascii("last"))).isEqualTo(4);
        assertThat(buffer.value(KernelReader.ascii("missing"))).isEqualTo(Counters.UNKNOWN);
        assertThat(buffer.value(KernelReader.ascii("inactive"))).isEqualTo(Counters.UNKNOWN);
    }

    @Test
    void shouldFindKeysInAnyOrder() throws IOException {
        ScanBuffer buffer = filled("a 1\nb 2\nc 3\n");

        for (String key : "c a b b missing a c".split(" ", -1)) {
            assertThat(buffer.value(KernelReader.ascii(key)))
                    .as(key)
                    .isEqualTo(key.length() > 1 ? Counters.UNKNOWN : key.charAt(0) - 'a' + 1);
        }
    }

    @Test
    void shouldReadAFileToItsEndWhenItIsLong() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            text.append("key").append(i).append(' ').append(i).append('\n');
        }

        assertThat(filled(text.toString()).value(KernelReader.ascii("key999"))).isEqualTo(999);
    }

    @Test
    void shouldForgetWhatItHeldWhenItIsFilledAgain() throws IOException {
        ScanBuffer buffer = filled("a 1\nb 2\n");
        fill(buffer, "a 3");

        assertThat(buffer.value(KernelReader.ascii("a"))).isEqualTo(3);
        assertThat(buffer.value(KernelReader.ascii("b"))).isEqualTo(Counters.UNKNOWN);
    }

    private ScanBuffer filled(String text) throws IOException {
        ScanBuffer buffer = new ScanBuffer();
        fill(buffer, text);
        return buffer;
    }

    private void fill(ScanBuffer buffer, String text) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), text);
        try (FileChannel channel = FileChannel.open(file)) {
            buffer.fill(channel);
        }
    }
}
