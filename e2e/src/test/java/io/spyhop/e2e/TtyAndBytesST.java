package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.e2e.Containers.Container;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever bytes a program writes, a client reads valid JSON with everything that can be kept. */
@ExtendWith(Shared.class)
class TtyAndBytesST {
    private final Api api;
    private final Containers containers;

    TtyAndBytesST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    /** The output lines of a script that runs to its end. */
    private List<Line> output(String suffix, String script, String... options) {
        Container container = containers.shell(suffix, script, options);
        String id = api.awaitWorkload(container.name());
        return api.awaitSystemLine(id, "worker exited", 1).stream()
                .filter(line -> !line.stream().equals("system"))
                .toList();
    }

    @Test
    void shouldReadCleanLinesWhenContainerHasTerminal() {
        // When
        List<Line> lines = output("tty", "echo one; echo two; echo err >&2; seq 1 500", "-t");

        // Then
        assertThat(lines)
                .extracting(Line::message)
                .startsWith("one", "two", "err", "1")
                .hasSize(503);
        assertThat(lines.getLast().message()).isEqualTo("500");
        assertThat(lines).extracting(Line::stream).containsOnly("stdout");
    }

    @Test
    void shouldJoinFramesWhenLinesAreLongerThanTheEnginesPieces() {
        // When: 16 384 bytes is where the engine cuts.
        List<Line> lines = output("long", """
                for n in 16383 16384 16385 20000 32768 100000; do
                  head -c $n /dev/zero | tr '\\0' a; echo
                  echo after-$n
                done
                echo last""");

        // Then
        assertThat(lines.stream().map(Line::message).filter(message -> message.startsWith("a")))
                .extracting(message -> message.startsWith("after") ? message : Integer.toString(message.length()))
                .containsExactly(
                        "16383",
                        "after-16383",
                        "16384",
                        "after-16384",
                        "16385",
                        "after-16385",
                        "20000",
                        "after-20000",
                        "32768",
                        "after-32768",
                        "100000",
                        "after-100000");
        assertThat(lines).hasSize(13);
        assertThat(lines.getLast().message()).isEqualTo("last");
        assertThat(lines).noneMatch(line -> line.json().path("partial").asBoolean());
    }

    @Test
    void shouldSplitAndMarkWhenALineIsLongerThanAMebibyte() {
        // When
        List<Line> lines = output("huge", "head -c 1500000 /dev/zero | tr '\\0' x; echo; echo after");

        // Then
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0).message().length() + lines.get(1).message().length())
                .isEqualTo(1_500_000);
        assertThat(lines.get(0).message()).hasSizeLessThanOrEqualTo(1024 * 1024);
        assertThat(lines.get(0).json().path("partial").asBoolean()).isTrue();
        assertThat(lines.get(2).message()).isEqualTo("after");
    }

    @Test
    void shouldKeepStreamsApartWhenLongLinesInterleave() {
        // When
        List<Line> lines = output("interleaved", """
                (for i in 1 2 3 4 5; do head -c 50000 /dev/zero | tr '\\0' o; echo; done) &
                (for i in 1 2 3 4 5; do head -c 50000 /dev/zero | tr '\\0' e >&2; echo >&2; done) &
                wait""");

        // Then
        assertThat(Line.messages(lines, "stdout")).hasSize(5).containsOnly("o".repeat(50000));
        assertThat(Line.messages(lines, "stderr")).hasSize(5).containsOnly("e".repeat(50000));
    }

    @Test
    void shouldStayReadableWhenBytesAreNotText() {
        // When
        List<Line> lines = output("bytes", """
                printf 'caf\\303\\nx\\377y\\n'
                printf 'nul\\000nul\\n'
                printf '\\n\\n'
                printf 'tab\\tquote"back\\\\slash\\n'
                printf 'bell\\007esc\\033[31mred\\033[0m\\n'
                printf 'gr\\303\\274n \\360\\237\\220\\263\\n'
                printf 'surrogate \\355\\240\\200 overlong \\300\\257\\n'
                printf 'carriage\\rreturn\\r\\n'
                printf 'no end'""");

        // Then
        assertThat(lines).hasSize(11);
        assertThat(lines.get(0).message()).isEqualTo("caf\uFFFD");
        assertThat(lines.get(1).message()).isEqualTo("x\uFFFDy");
        assertThat(lines.get(2).message()).isEqualTo("nul\0nul");
        assertThat(lines.get(3).message()).isEmpty();
        assertThat(lines.get(4).message()).isEmpty();
        assertThat(lines.get(5).message()).isEqualTo("tab\tquote\"back\\slash");
        assertThat(lines.get(6).message()).isEqualTo("bell\u0007esc\u001b[31mred\u001b[0m");
        assertThat(lines.get(7).message()).isEqualTo("grün \uD83D\uDC33");
        assertThat(lines.get(8).message())
                .startsWith("surrogate \uFFFD")
                .contains(" overlong \uFFFD")
                .endsWith("\uFFFD");
        assertThat(lines.get(9).message()).isEqualTo("carriage\rreturn\r");
        assertThat(lines.get(10).message()).isEqualTo("no end");
    }

    @Test
    void shouldKeepTheLastLineWhenItHasNoEnd() {
        // When
        List<Line> lines = output("unended", "echo one; printf two");

        // Then
        assertThat(lines).extracting(Line::message).containsExactly("one", "two");
    }

    @Test
    void shouldTakeLevelAndFieldsWhenLinesAreJson() {
        // When
        List<Line> lines = output("json", """
                echo '{"level":"error","msg":"boom","code":7}'
                echo '{"severity":"WARNING","message":"careful"}'
                echo '{"level":50,"msg":"pino","pid":1}'
                echo '{"lvl":"debug","msg":"detail"}'
                echo '{"levelname":"INFO","message":"python"}'
                echo '{"msg":"no level"}'
                echo '{"level":"error","msg":'
                echo '{"level":"error","msg":"to stderr"}' >&2""");

        // Then
        List<Line> out =
                lines.stream().filter(line -> line.stream().equals("stdout")).toList();
        assertThat(out)
                .extracting(Line::level)
                .containsExactly("error", "warn", "error", "debug", "info", "info", "info");
        assertThat(out)
                .extracting(Line::message)
                .containsExactly(
                        "boom",
                        "careful",
                        "pino",
                        "detail",
                        "python",
                        "{\"msg\":\"no level\"}",
                        "{\"level\":\"error\",\"msg\":");
        assertThat(out.get(0).json().path("fields").path("code").asInt()).isEqualTo(7);
        assertThat(out.get(2).json().path("fields").path("pid").asInt()).isEqualTo(1);
        Line err = lines.stream()
                .filter(line -> line.stream().equals("stderr"))
                .findFirst()
                .orElseThrow();
        assertThat(err.level()).isEqualTo("error");
        assertThat(err.message()).isEqualTo("to stderr");
    }

    @Test
    void shouldReadRecordsWhenProgramSpeaksToSpyhop() {
        // When
        List<Line> lines = output("records", """
                printf '\\036{"level":"warn","message":"careful"}\\n'
                printf '\\036{"event":"order","data":{"id":7,"tags":["a"]}}\\n'
                printf '\\036not json\\n'
                printf '\\036{"level":"info","message":"'; head -c 9000 /dev/zero | tr '\\0' z; printf '"}\\n'""");

        // Then
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0).level()).isEqualTo("warn");
        assertThat(lines.get(0).message()).isEqualTo("careful");
        assertThat(lines.get(1).level()).isEqualTo("event");
        assertThat(lines.get(1).message()).isEqualTo("order: {\"id\":7,\"tags\":[\"a\"]}");
        assertThat(lines.get(1).json().path("event").asText()).isEqualTo("order");
        assertThat(lines.get(1).json().path("data").path("id").asInt()).isEqualTo(7);
        assertThat(lines.get(2).level()).isEqualTo("info");
        assertThat(lines.get(3).message()).isEqualTo("z".repeat(8192));
        assertThat(lines.get(3).json().path("truncated").asBoolean()).isTrue();
    }
}
