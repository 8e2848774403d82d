package io.spyhop.engine.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.LogSink;
import io.spyhop.engine.LogUnreadableException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogFrameDecoderTest {
    private static final String T1 = "2026-11-22T03:04:05.123456789Z";
    private static final String T2 = "2026-11-22T03:04:05.223456789Z";
    private static final int OUT = 1;
    private static final int ERR = 2;
    private static final int PIECE = LineJoiner.PIECE_BYTES;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private record Line(boolean error, long at, String text, boolean partial) {
        Line(boolean error, String at, String text) {
            this(error, nanos(at), text, false);
        }
    }

    @Test
    void shouldKeepStreamTimeAndBytesWhenFramesAreShort() throws Exception {
        // Given
        frame(OUT, T1 + " hello\n");
        frame(ERR, T2 + " oh\r\n");
        frame(0, T2 + " \n");
        frame(OUT, T2 + " no end");

        // When
        List<Line> lines = decode(false, new ByteArrayInputStream(bytes.toByteArray()));

        // Then
        assertThat(lines)
                .containsExactly(
                        new Line(false, T1, "hello"),
                        new Line(true, T2, "oh\r"),
                        new Line(false, T2, ""),
                        new Line(false, T2, "no end"));
    }

    @Test
    void shouldGiveTheSameLinesWhenBytesAreCutAtAnyPlace() throws Exception {
        // Given
        frame(OUT, T1 + " one\n");
        frame(ERR, T1 + " \n");
        frame(OUT, T2 + " two\n");
        byte[] all = bytes.toByteArray();
        List<Line> expected = List.of(new Line(false, T1, "one"), new Line(true, T1, ""), new Line(false, T2, "two"));

        for (int cut = 0; cut <= all.length; cut++) {
            // When
            List<Line> lines = decode(false, new CutStream(all, cut, Integer.MAX_VALUE));

            // Then
            assertThat(lines).as("cut at %d", cut).isEqualTo(expected);
        }
        assertThat(decode(false, new CutStream(all, 1, 1))).isEqualTo(expected);
    }

    @Test
    void shouldGiveTheSameTerminalLinesWhenBytesAreCutAtAnyPlace() throws Exception {
        // Given
        raw(T1 + " one\r\n" + T1 + " \r\n" + T2 + " two\n" + T2 + " a\rb\r\r\n" + T2 + " prompt$ ");
        byte[] all = bytes.toByteArray();
        List<Line> expected = List.of(
                new Line(false, T1, "one"),
                new Line(false, T1, ""),
                new Line(false, T2, "two"),
                new Line(false, T2, "a\rb\r"),
                new Line(false, T2, "prompt$ "));

        for (int cut = 0; cut <= all.length; cut++) {
            // When
            List<Line> lines = decode(true, new CutStream(all, cut, Integer.MAX_VALUE));

            // Then
            assertThat(lines).as("cut at %d", cut).isEqualTo(expected);
        }
        assertThat(decode(true, new CutStream(all, 1, 1))).isEqualTo(expected);
    }

    @Test
    void shouldJoinPiecesPerStreamWhenStreamsInterleave() throws Exception {
        // Given
        frame(OUT, T1 + " " + "a".repeat(PIECE));
        frame(ERR, T2 + " " + "x".repeat(PIECE));
        frame(OUT, T1 + " " + "b".repeat(PIECE));
        frame(ERR, T2 + " y\n");
        frame(OUT, T1 + " c\n");
        frame(OUT, T2 + " d\n");

        // When
        List<Line> lines = decode(false, new CutStream(bytes.toByteArray(), 7, 1000));

        // Then
        assertThat(lines)
                .containsExactly(
                        new Line(true, T2, "x".repeat(PIECE) + "y"),
                        new Line(false, T1, "a".repeat(PIECE) + "b".repeat(PIECE) + "c"),
                        new Line(false, T2, "d"));
    }

    @Test
    void shouldEndAJoinedLineWhenTheNextFrameHasAnotherTimeOrTheLogEnds() throws Exception {
        // Given
        frame(OUT, T1 + " " + "a".repeat(PIECE));
        frame(OUT, T2 + " " + "b".repeat(PIECE));
        frame(ERR, T1 + " " + "c".repeat(PIECE));
        frame(ERR, T1 + " \n");

        // When
        List<Line> lines = decode(false, new ByteArrayInputStream(bytes.toByteArray()));

        // Then
        assertThat(lines)
                .containsExactly(
                        new Line(false, T1, "a".repeat(PIECE)),
                        new Line(true, T1, "c".repeat(PIECE)),
                        new Line(false, T2, "b".repeat(PIECE)));
    }

    @Test
    void shouldKeepAHalfJoinedLineBackWhenNotFinished() throws Exception {
        // Given
        frame(OUT, T1 + " " + "a".repeat(PIECE));
        List<Line> lines = new ArrayList<>();
        LogFrameDecoder decoder = decoder(false, new ByteArrayInputStream(bytes.toByteArray()), lines);

        // When
        decoder.decode();

        // Then
        assertThat(lines).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCutALineWhenItIsLongerThanTheLimit(boolean tty) throws Exception {
        // Given
        int length = 2 * LogSink.LINE_BYTES_MAX + 100;
        String text = "0123456789".repeat(length / 10 + 1).substring(0, length);
        pieces(tty, T1, text);
        pieces(tty, T2, "next");

        // When
        List<Line> lines = decode(tty, new ByteArrayInputStream(bytes.toByteArray()));

        // Then
        assertThat(lines)
                .extracting(line -> line.text().length(), Line::partial, Line::at)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(LogSink.LINE_BYTES_MAX, true, nanos(T1)),
                        org.assertj.core.groups.Tuple.tuple(LogSink.LINE_BYTES_MAX, true, nanos(T1)),
                        org.assertj.core.groups.Tuple.tuple(100, false, nanos(T1)),
                        org.assertj.core.groups.Tuple.tuple(4, false, nanos(T2)));
        assertThat(lines.get(0).text() + lines.get(1).text() + lines.get(2).text())
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, -1, 0, 1, 2})
    void shouldKeepALineWholeWhenItIsAboutALimit(int more) throws Exception {
        for (boolean tty : new boolean[] {false, true}) {
            for (int limit : new int[] {PIECE, 2 * PIECE, 4 * PIECE, LogSink.LINE_BYTES_MAX - 2}) {
                // Given
                bytes.reset();
                pieces(tty, T1, "z".repeat(limit + more));
                pieces(tty, T2, "next");

                // When
                List<Line> lines = decode(tty, new CutStream(bytes.toByteArray(), 31, 4096));

                // Then
                assertThat(lines)
                        .as("tty %s, %d bytes", tty, limit + more)
                        .containsExactly(new Line(false, T1, "z".repeat(limit + more)), new Line(false, T2, "next"));
            }
        }
    }

    @Test
    void shouldKeepALongTerminalLineWholeWhenTheEngineDoesNotCutIt() throws Exception {
        // Given
        raw(T1 + " " + "z".repeat(3 * PIECE + 5) + "\r\n" + T2 + " next\r\n");

        // When
        List<Line> lines = decode(true, new ByteArrayInputStream(bytes.toByteArray()));

        // Then
        assertThat(lines).containsExactly(new Line(false, T1, "z".repeat(3 * PIECE + 5)), new Line(false, T2, "next"));
    }

    @Test
    void shouldTakeAFrameInPartsWhenItIsLargerThanTheBuffer() throws Exception {
        // Given
        frame(OUT, T1 + " " + "z".repeat(200_000) + "\n");
        frame(OUT, T2 + " next\n");

        // When
        List<Line> lines = decode(false, new ByteArrayInputStream(bytes.toByteArray()));

        // Then
        assertThat(lines).containsExactly(new Line(false, T1, "z".repeat(200_000)), new Line(false, T2, "next"));
    }

    @Test
    void shouldPassBytesThroughWhenTheyAreNotText() throws Exception {
        // Given
        frame(OUT, T1 + " \u00ff\u00fe\u0000\u00c3(\u001b[0m\n");

        // When
        List<Line> lines = decode(false, new ByteArrayInputStream(bytes.toByteArray()));

        // Then
        assertThat(lines).containsExactly(new Line(false, T1, "\u00ff\u00fe\u0000\u00c3(\u001b[0m"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-22T03:04:05Z",
                "2026-11-22T03:04:05.1Z",
                "2026-11-22T03:04:05.12345678Z",
                "2026-11-22T03:04:05.000000001Z",
                "2026-11-22T23:59:59.999999999Z",
                "2024-02-29T00:00:00.5Z",
                "2026-11-22T03:04:05.5+01:30",
                "2026-11-22T03:04:05-08:00",
                "1970-01-01T00:00:00Z",
                "2261-12-31T23:59:59.999999999Z"
            })
    void shouldReadATimeWhenItsFormVaries(String text) throws Exception {
        // Given
        frame(OUT, T1 + " before\n");
        frame(OUT, text + " line\n");
        frame(OUT, text + " again\n");

        // When
        List<Line> lines = decode(false, new ByteArrayInputStream(bytes.toByteArray()));

        // Then
        Instant instant = OffsetDateTime.parse(text).toInstant();
        assertThat(lines.get(1)).isEqualTo(new Line(false, nanos(instant), "line", false));
        assertThat(lines.get(2)).isEqualTo(new Line(false, nanos(instant), "again", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no time at all, but a line of some length",
                "2026-13-22T03:04:05Z x",
                "2026-02-30T03:04:05Z x",
                "2026-11-22T24:04:05Z x",
                "2026-11-22 03:04:05Z x",
                "2026-11-22T03:04:05 x",
                "2026-11-22T03:04:05.Z x",
                "2026-11-22T03:04:05.1234567890Z x",
                "2026-11-22T03:04:05Zx",
                "2026-11-22T03:04:05+1:00 x",
                "2026-11-22T03:04:05+ab:00 x",
                "0001-01-01T00:00:00Z x",
                "short",
                "2026-11-22T03:04:05Z"
            })
    void shouldTakeTheTimeOfTheLineBeforeWhenALineHasNone(String text) throws Exception {
        // Given
        frame(ERR, text + "\n");
        frame(OUT, T1 + " before\n");
        frame(OUT, text + "\n");
        frame(OUT, T2 + " after\n");

        // When
        List<Line> lines = decode(false, new ByteArrayInputStream(bytes.toByteArray()));

        // Then
        assertThat(lines)
                .containsExactly(
                        new Line(true, 42, text, false),
                        new Line(false, T1, "before"),
                        new Line(false, T1, text),
                        new Line(false, T2, "after"));
    }

    @Test
    void shouldFailWhenTheLogEndsInsideAFrame() {
        // Given
        frame(OUT, T1 + " hello\n");
        byte[] all = bytes.toByteArray();

        for (int length = 1; length < all.length; length++) {
            int cut = length;

            // When // Then
            assertThatThrownBy(() -> decode(false, new ByteArrayInputStream(all, 0, cut)))
                    .isInstanceOf(EOFException.class);
        }
    }

    @Test
    void shouldFailWhenTheBytesAreNoFrames() {
        // Given
        raw("\tneither a frame nor a time\r\n");

        // When // Then
        assertThatThrownBy(() -> decode(false, new ByteArrayInputStream(bytes.toByteArray())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not a log frame");
    }

    @Test
    void shouldFailWithTheEnginesWordsWhenItReportsAnError() {
        // Given
        frame(3, "Error grabbing logs: invalid character\n");

        // When // Then
        assertThatThrownBy(() -> decode(false, new ByteArrayInputStream(bytes.toByteArray())))
                .isExactlyInstanceOf(EngineException.class)
                .hasMessageContaining("invalid character");
    }

    @Test
    void shouldSayUnreadableWhenTheEngineReportsItInTheStream() {
        // Given
        frame(3, "configured logging driver does not support reading\n");

        // When // Then
        assertThatThrownBy(() -> decode(false, new ByteArrayInputStream(bytes.toByteArray())))
                .isInstanceOf(LogUnreadableException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAllocateNothingPerLine(boolean tty) throws Exception {
        // Given
        int count = 100_000;
        for (int i = 0; i < count; i++) {
            pieces(tty, i % 2 == 0 ? T1 : T2, "0123456789".repeat(10));
        }
        byte[] all = bytes.toByteArray();
        AtomicLong lines = new AtomicLong();
        LogSink sink = (error, at, buffer, offset, length, partial) -> lines.incrementAndGet();
        new LogFrameDecoder(new ByteArrayInputStream(all), tty, 0, sink).decode();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        // When
        long before = threads.getCurrentThreadAllocatedBytes();
        new LogFrameDecoder(new ByteArrayInputStream(all), tty, 0, sink).decode();
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        // Then
        assertThat(lines.get()).isEqualTo(2L * count);
        assertThat(allocated).isLessThan(count);
    }

    private List<Line> decode(boolean tty, InputStream in) throws IOException, InterruptedException {
        List<Line> lines = new ArrayList<>();
        LogFrameDecoder decoder = decoder(tty, in, lines);
        decoder.decode();
        decoder.finish();
        return lines;
    }

    private static LogFrameDecoder decoder(boolean tty, InputStream in, List<Line> lines) {
        return new LogFrameDecoder(
                in,
                tty,
                42,
                (error, at, buffer, offset, length, partial) ->
                        lines.add(new Line(error, at, new String(buffer, offset, length, ISO_8859_1), partial)));
    }

    /** A line as the engine sends it: in pieces where it is long. */
    private void pieces(boolean tty, String at, String text) {
        String left = text + (tty ? "\r\n" : "\n");
        while (!left.isEmpty()) {
            String piece = left.substring(0, Math.min(PIECE, left.length()));
            left = left.substring(piece.length());
            if (tty) {
                raw(at + " " + piece);
            } else {
                frame(OUT, at + " " + piece);
            }
        }
    }

    private void frame(int type, String payload) {
        int length = payload.length();
        bytes.writeBytes(new byte[] {
            (byte) type, 0, 0, 0, (byte) (length >> 24), (byte) (length >> 16), (byte) (length >> 8), (byte) length
        });
        raw(payload);
    }

    private void raw(String text) {
        bytes.writeBytes(text.getBytes(ISO_8859_1));
    }

    private static long nanos(String text) {
        return nanos(Instant.parse(text));
    }

    private static long nanos(Instant instant) {
        return ChronoUnit.NANOS.between(Instant.EPOCH, instant);
    }

    /** Gives some bytes, then at most so many at once. */
    private static final class CutStream extends InputStream {
        private final ByteArrayInputStream in;
        private final int step;
        private int first;

        CutStream(byte[] bytes, int first, int step) {
            this.in = new ByteArrayInputStream(bytes);
            this.first = first;
            this.step = step;
        }

        @Override
        public int read() {
            return in.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int most = first > 0 ? first : step;
            first = 0;
            return in.read(target, offset, Math.min(length, most));
        }
    }
}
