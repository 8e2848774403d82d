package io.spyhop.engine.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spyhop.engine.ExecSink;
import io.spyhop.engine.LogSink;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecFrameDecoderTest {
    private static final int OUT = 1;
    private static final int ERR = 2;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<String> lines = new ArrayList<>();
    private int drained;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000})
    void shouldJoinWhatWritesAndReadsCut(int readBytes) throws Exception {
        // Given
        frame(OUT, "one\ntw");
        frame(ERR, "an er");
        frame(OUT, "o\n\n2026-11-22T03:04:05.123456789Z kept\nno");
        frame(ERR, "ror\n");
        frame(OUT, " end");

        // When
        decode(new ByteArrayInputStream(bytes.toByteArray()) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, readBytes));
            }
        });

        // Then
        assertThat(lines)
                .containsExactly(
                        "out 7 one",
                        "out 7 two",
                        "out 7 ",
                        "out 7 2026-11-22T03:04:05.123456789Z kept",
                        "err 7 an error",
                        "out 7 no end");
        assertThat(drained).isPositive();
    }

    @Test
    void shouldCutALineThatIsLongerThanIsKeptWhole() throws Exception {
        // Given
        for (int i = 0; i < 80; i++) {
            frame(OUT, "x".repeat(LogSink.LINE_BYTES_MAX / 32));
        }
        frame(OUT, "\nnext\n");

        // When
        decode(new ByteArrayInputStream(bytes.toByteArray()));

        // Then
        String piece = "out 7 " + "x".repeat(LogSink.LINE_BYTES_MAX);
        assertThat(lines)
                .containsExactly(
                        piece + " partial",
                        piece + " partial",
                        "out 7 " + "x".repeat(LogSink.LINE_BYTES_MAX / 2),
                        "out 7 next");
    }

    @Test
    void shouldNotTakeABrokenConnectionForAnEnd() {
        // Given
        frame(OUT, "whole\nbegun");
        byte[] cut = bytes.toByteArray();

        // Then
        assertThatThrownBy(() -> decode(new ByteArrayInputStream(cut, 0, cut.length - 1)))
                .isInstanceOf(EOFException.class);
        assertThat(lines).containsExactly("out 7 whole");
    }

    @Test
    void shouldRefuseWhatIsNoFrame() {
        // Given
        byte[] words = "OCI runtime exec failed".getBytes(US_ASCII);

        // Then
        assertThatThrownBy(() -> decode(new ByteArrayInputStream(words))).isInstanceOf(IOException.class);
    }

    private void decode(InputStream in) throws IOException, InterruptedException {
        Clock clock = Clock.fixed(Instant.ofEpochSecond(0, 7), ZoneOffset.UTC);
        new ExecFrameDecoder(in, clock, new ExecSink() {
                    @Override
                    public void line(
                            boolean stderr, long atNanos, byte[] from, int offset, int length, boolean partial) {
                        lines.add((stderr ? "err " : "out ") + atNanos + " "
                                + new String(from, offset, length, US_ASCII) + (partial ? " partial" : ""));
                    }

                    @Override
                    public void drained() {
                        drained++;
                    }
                })
                .decode();
    }

    private void frame(int stream, String payload) {
        byte[] content = payload.getBytes(US_ASCII);
        bytes.writeBytes(new byte[] {
            (byte) stream,
            0,
            0,
            0,
            (byte) (content.length >> 24),
            (byte) (content.length >> 16),
            (byte) (content.length >> 8),
            (byte) content.length
        });
        bytes.writeBytes(content);
    }
}
