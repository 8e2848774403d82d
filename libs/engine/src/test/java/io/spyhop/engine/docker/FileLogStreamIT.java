package io.spyhop.engine.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.LogRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
            log.append(entry(second));
        }
        Path folder = Files.createDirectories(root.resolve("containers/c"));
        Files.writeString(folder.resolve("c-json.log"), log);
        LogRequest request = new LogRequest("c", false, FIRST.plusSeconds(20).getEpochSecond() * 1_000_000_000L, false);
        List<String> lines = new ArrayList<>();
        // When
        try (FolderWatch watch = new FolderWatch();
                FileLogStream stream = open(request, Optional::empty, watch)) {
            stream.read((stderr, at, bytes, offset, length, partial) ->
                    lines.add(new String(bytes, offset, length, UTF_8)));
        }
        // Then
        assertThat(lines).containsExactly("20", "30", "15", "16", "31");
    }

    /** As on a full disk: the container lives, and its record says that it has ended, or was never started. */
    @ParameterizedTest
    @ValueSource(strings = {"2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z"})
    void shouldBelieveTheEngineWhenItsRecordWasNotWritten(String written) throws Exception {
        // Given
        Path folder = Files.createDirectories(root.resolve("containers/c"));
        Path log = folder.resolve("c-json.log");
        append(log, 0);
        Files.writeString(folder.resolve("hostconfig.json"), "{}");
        Files.writeString(folder.resolve("config.v2.json"), container("\"StartedAt\":\"" + written + "\""));
        AtomicInteger asked = new AtomicInteger();
        AtomicReference<String> state = new AtomicReference<>("running");
        LogRequest request = new LogRequest("c", false, 0, true);
        List<String> lines = new CopyOnWriteArrayList<>();
        try (FolderWatch watch = new FolderWatch();
                FileLogStream stream = open(
                        request,
                        () -> {
                            asked.incrementAndGet();
                            return Optional.of(DockerJson.details(DockerJson.read(container(
                                    "\"StartedAt\":\"2026-01-01T00:00:00Z\",\"Status\":\"" + state.get() + "\""))));
                        },
                        watch)) {
            CompletableFuture<Void> read = CompletableFuture.runAsync(() -> {
                try {
                    stream.read((stderr, at, bytes, offset, length, partial) ->
                            lines.add(new String(bytes, offset, length, UTF_8)));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            // When
            for (int line = 1; line <= 20; line++) {
                append(log, line);
                int count = line + 1;
                await().until(() -> lines.size() == count);
            }
            // Then
            assertThat(asked).as("once for its life, once for its end").hasValueLessThanOrEqualTo(2);
            state.set("exited");
            Files.writeString(
                    folder.resolve("config.v2.json"),
                    container("\"StartedAt\":\"2026-01-01T00:00:00Z\",\"FinishedAt\":\"2026-01-01T00:00:09Z\""));
            read.get(10, TimeUnit.SECONDS);
        }
        assertThat(lines).hasSize(21).startsWith("0", "1").endsWith("20");
    }

    private FileLogStream open(LogRequest request, Supplier<Optional<ContainerDetails>> inspect, FolderWatch watch)
            throws IOException {
        LocalRecords records = requireNonNull(LocalRecords.in(root));
        JsonFiles files = JsonFiles.of(records.folder(request.containerId()));
        return new FileLogStream(records, files, request, inspect, watch, closed -> {});
    }

    private static String container(String state) {
        return "{\"Name\":\"/c\",\"Created\":\"2026-01-01T00:00:00Z\",\"State\":{" + state + "}}";
    }

    private static void append(Path log, int line) throws IOException {
        Files.writeString(log, entry(line), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String entry(int second) {
        return "{\"log\":\"%d\\n\",\"stream\":\"stdout\",\"time\":\"%s\"}\n"
                .formatted(second, FIRST.plusSeconds(second));
    }
}
