package io.spyhop.logs.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.log.LinesEvidence;
import io.spyhop.contracts.log.LinesPage;
import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.contracts.workload.SomeInstance;
import io.spyhop.logs.capture.PendingTransition.Part;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LastLinesTest {
    private static final Instant START = Instant.parse("2026-11-22T03:04:05.000000001Z");
    private static final Instant END = START.plusSeconds(9);

    @Test
    void shouldBeginWithTheStartAndEndWithTheEndOfTheLife() {
        // Given
        LastLines lines = new LastLines(life(Part.ALL, END.plusSeconds(1)));

        // When
        lines.add(page(
                row(1, START.minusSeconds(5), "stdout", "of the life before"),
                row(2, START, "system", "worker started"),
                row(3, START.plusSeconds(1), "stdout", "mine"),
                row(4, END.plusMillis(20), "stdout", "read by the engine after the end"),
                row(41, END.plusSeconds(1), "stdout", "of the next life, read early"),
                row(5, END, "system", "[CRASH] exit=3 oom=false"),
                row(6, END.plusSeconds(1), "system", "worker started")));

        // Then
        LinesEvidence evidence = lines.evidence();
        assertThat(lines.ended()).isTrue();
        assertThat(evidence.through()).isEqualTo(5);
        assertThat(evidence.ndjson().lines()).hasSize(4);
        assertThat(evidence.ndjson()).doesNotContain("of the life before", "of the next life");
    }

    @Test
    void shouldTakeWhatCameAfterTheLineOfTheEndWhenThereIsARest() {
        // Given
        LastLines beginning = new LastLines(life(Part.BEGINNING, null));
        LastLines all = new LastLines(life(Part.WITH_REST, null));
        LinesPage page = page(
                row(1, START, "system", "worker started"),
                row(2, START.plusSeconds(1), "stdout", "mine"),
                row(3, END, "system", "[CRASH] exit=3 oom=false"),
                row(4, END.plusMillis(400), "stderr", "what went wrong, dated late by a busy engine"),
                row(41, END.plusMillis(900), "stdout", "of the next life, before its start"),
                row(5, END.plusSeconds(1), "system", "worker started"),
                row(6, END.plusSeconds(2), "stdout", "of the next life"));

        // When
        beginning.add(page);
        all.add(page);

        // Then
        assertThat(beginning.evidence().partial()).isTrue();
        assertThat(beginning.evidence().ndjson()).doesNotContain("what went wrong");
        assertThat(all.evidence().partial()).isNull();
        assertThat(all.evidence().through()).isEqualTo(6);
        assertThat(all.evidence().ndjson().lines()).hasSize(4);
        assertThat(all.evidence().ndjson()).contains("what went wrong").doesNotContain("of the next life");
    }

    @Test
    void shouldLeaveOutWhatIsTooLongWhenNotAllFit() {
        // Given: one that fits nowhere, and some of which not all fit
        LastLines lines = new LastLines(life(Part.ALL, null));
        String[] rows = Stream.concat(
                        IntStream.rangeClosed(1, 9)
                                .mapToObj(i -> row(i, START.plusSeconds(i), "stdout", i + "-" + "x".repeat(30_000))),
                        Stream.of(
                                row(10, START.plusSeconds(8), "stdout", "y".repeat(300_000)),
                                row(11, END, "system", "[CRASH] exit=3 oom=false")))
                .toArray(String[]::new);

        // When
        lines.add(page(rows));

        // Then: the newest of them
        LinesEvidence evidence = lines.evidence();
        assertThat(evidence.omitted()).isEqualTo(2);
        assertThat(evidence.ndjson().getBytes(UTF_8)).hasSizeLessThanOrEqualTo(LinesEvidence.BYTES_MAX);
        assertThat(evidence.ndjson()).doesNotContain("\"1-x").contains("\"2-x", "[CRASH]");
    }

    private static EndedLife life(Part part, @Nullable Instant nextStart) {
        return new EndedLife(ending(), 5, part, false, nextStart);
    }

    private static InstanceTransition ending() {
        return SomeInstance.of("w", "c1")
                .exit(3, false)
                .lived(START, END)
                .transition(InstanceTransition.Type.CRASHED, END);
    }

    private static LinesPage page(String... rows) {
        String ndjson = Stream.of(rows).map(row -> row + "\n").collect(Collectors.joining());
        return new LinesPage(ndjson.getBytes(UTF_8), rows.length, rows.length, false);
    }

    private static String row(int number, Instant at, String stream, String message) {
        return "{\"lineNo\":%d,\"at\":\"%s\",\"stream\":\"%s\",\"level\":\"%s\",\"message\":\"%s\"}"
                .formatted(number, at, stream, stream, message);
    }
}
