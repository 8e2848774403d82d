package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.e2e.Containers.Container;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A container writes faster than its log's files are kept: what is captured is whole, and what is not is told. */
@ExtendWith(Shared.class)
class RotationST {
    private static final int LINES = 200_000;

    private final Api api;
    private final Containers containers;

    RotationST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    @ParameterizedTest
    @CsvSource({"plain, 2, false", "compressed, 3, true", "single, 1, false"})
    void shouldCoverEachHoleWithOneGapLineWhenFilesAreRotatedFast(String suffix, int files, boolean compress) {
        // When
        Container container = containers.shell(
                "rotation-" + suffix,
                "seq 1 " + LINES,
                "--log-opt=max-size=100k",
                "--log-opt=max-file=" + files,
                compress ? "--log-opt=compress=true" : "--log-opt=labels=none");
        String id = api.awaitWorkload(container.name());
        List<Line> lines = api.awaitSystemLine(id, "worker exited", 1);

        // Then
        int number = 0;
        Line gap = null;
        for (Line line : lines) {
            if (line.message().startsWith("[GAP] ")) {
                assertThat(gap).as("a gap line after another one").isNull();
                gap = line;
            } else if (!line.stream().equals("system")) {
                int next = Integer.parseInt(line.message());
                assertThat(next).as("a line after %d", number).isGreaterThan(number);
                assertThat(gap != null || next == number + 1)
                        .as("a gap line between %d and %d", number, next)
                        .isTrue();
                if (gap != null) {
                    assertThat(gap.json().path("fields").path("to").asText())
                            .isEqualTo(line.json().path("at").asText());
                }
                gap = null;
                number = next;
            }
        }
        assertThat(number).isEqualTo(LINES);
    }
}
