package io.spyhop.lifecycle.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LastErrorTest {
    @Test
    void shouldFindTheLastErrorWhenOtherLinesFollow() {
        // Given
        String rows = rows(
                row("stdout", "info", "listening"),
                row("stderr", "stderr", "boom 1"),
                row("stdout", "error", "boom 2"),
                row("stdout", "info", "bye"),
                row("system", "system", "[CRASH] exit=1 oom=false"));

        // When
        LastError error = LastError.in(rows);

        // Then
        assertThat(error.text()).isEqualTo("boom 2");
    }

    @Test
    void shouldFindTheLastLineWhenNothingTellsOfAnError() {
        // Given
        String rows = rows(
                row("system", "system", "worker started"),
                row("stdout", "info", "one"),
                row("stdout", "info", "two"),
                row("stdout", "info", ""),
                row("system", "system", "[CRASH] exit=1 oom=false"));

        // When
        LastError error = LastError.in(rows);

        // Then
        assertThat(error.text()).isEqualTo("two");
    }

    @Test
    void shouldFindWhatWasThrownWhenAStackTraceFollows() {
        // Given
        String rows = rows(
                row("stderr", "stderr", "java.lang.IllegalStateException: no more"),
                row("stderr", "stderr", "\\tat io.example.Main.main(Main.java:12)"),
                row("stderr", "stderr", "    at run (/app/x.js:3:7)"),
                row("stderr", "stderr", "... 23 more"));

        // When
        LastError error = LastError.in(rows);

        // Then
        assertThat(error.text()).isEqualTo("java.lang.IllegalStateException: no more");
    }

    @Test
    void shouldHaveNoTextWhenTheProgramWroteNothing() {
        // When
        LastError error = LastError.in(rows(row("system", "system", "worker started")));

        // Then
        assertThat(error.text()).isNull();
        assertThat(error.shown()).isNull();
        assertThat(error.fingerprint(1)).isNotEqualTo(error.fingerprint(2)).hasSize(16);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "took 17 ms, wanted 0.5 | took <n> ms, wanted <n>",
                "user 3f2504e0-4f89-11d3-9a0c-0305e82c3301 is gone | user <uuid> is gone",
                "at 2026-11-22T03:04:05.123456789Z failed | at <time> failed",
                "2026/11/22 03:04:05 panic: nil map | <time> panic: nil map",
                "[12:01:02,345] worker-7 died | [<time>] worker<n> died",
                "SIGSEGV: addr=0x7ffd1c2b pc=0xdeadbeef | SIGSEGV: addr=<hex> pc=<hex>",
                "object 5f2b9c1e44aa was not found | object <hex> was not found",
                "cannot open /var/lib/app/db-17.sqlite: denied | cannot open <path>: denied",
                "commit of feedface | commit of feedface",
                "connect ECONNREFUSED 10.0.0.12:5432 | connect ECONNREFUSED <n>:<n>",
                "and/or nothing | and/or nothing",
            })
    void shouldLeaveOutWhatVaries(String text, String normalized) {
        assertThat(new LastError(text).normalized()).isEqualTo(normalized);
    }

    @Test
    void shouldHaveOneFingerprintWhenOnlyTheVariablesDiffer() {
        // Given
        LastError one = new LastError("job 17 failed after 3.2 s in /tmp/a/b1");
        LastError other = new LastError("job 4711 failed after 12 s in /srv/job/x");

        // Then
        assertThat(one.fingerprint(3)).isEqualTo(other.fingerprint(3));
        assertThat(one.fingerprint(3)).isNotEqualTo(one.fingerprint(4));
        assertThat(one.fingerprint(3)).isNotEqualTo(new LastError("task 17 failed").fingerprint(3));
    }

    @Test
    void shouldBeShownCutWhenItIsLong() {
        // When
        LastError error = new LastError("x".repeat(299) + "\uD83D\uDE00");

        // Then: no half of a character
        assertThat(error.shown()).isEqualTo("x".repeat(299));
    }

    private static String rows(String... rows) {
        return Stream.of(rows).map(row -> row + "\n").collect(Collectors.joining());
    }

    private static String row(String stream, String level, String message) {
        return "{\"lineNo\":1,\"at\":\"2026-11-22T03:04:05.000000000Z\",\"stream\":\"%s\",\"level\":\"%s\",\"message\":\"%s\"}"
                .formatted(stream, level, message);
    }
}
