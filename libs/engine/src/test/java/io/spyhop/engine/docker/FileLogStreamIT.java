package io.spyhop.engine.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.engine.LogRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log's file as Docker's driver writes it, without an engine. */
class FileLogStreamIT {
    private static final Instant FIRST = Instant.parse("2026-11-22T03:04:00Z");

    @TempDir
    Path root;

    @Test
    void shouldHandOverAllThatFollowsTheTimeWhenTheClockWasSetBackMeanwhile() throws Exception {
        // Given
        StringBuilder log = new StringBuilder();
        for (int second : List.of(10, 20, 30, 15, 16, 31)) {
            log.append("{\"log\":\"%d\\n\",\"stream\":\"stdout\",\"time\":\"%s\"}\n"
                    .formatted(second, FIRST.plusSeconds(second)));
        }
        Path folder = Files.createDirectories(root.resolve("containers/c"));
        Files.writeString(folder.resolve("c-json.log"), log);
        LogRequest request = new LogRequest("c", false, FIRST.plusSeconds(20).getEpochSecond() * 1_000_000_000L, false);
        List<String> lines = new ArrayList<>();
        // When
        try (FolderWatch watch = new FolderWatch();
                FileLogStream stream = new FileLogStream(
                        requireNonNull(LocalRecords.in(root)),
                        JsonFiles.of(folder),
                        request,
                        Optional::empty,
                        watch,
                        closed -> {})) {
            stream.read((stderr, at, bytes, offset, length, partial) ->
                    lines.add(new String(bytes, offset, length, UTF_8)));
        }
        // Then
        assertThat(lines).containsExactly("20", "30", "15", "16", "31");
    }
}
