package io.spyhop.standalone.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFilesTest {
    private static final int WRITES = 3000;

    @TempDir
    private Path data;

    @Test
    void shouldShowNoFileOrAWholeOneWhileItIsWritten() throws IOException {
        // Given
        RunFiles files = RunFiles.in(data);
        Path file = data.resolve("run/gateway-0.pid");
        Set<String> seen = ConcurrentHashMap.newKeySet();
        AtomicBoolean written = new AtomicBoolean();
        CompletableFuture<Void> looking = CompletableFuture.runAsync(() -> {
            while (!written.get()) {
                content(file).ifPresent(seen::add);
            }
        });

        // When
        for (int i = 0; i < WRITES; i++) {
            files.write("gateway-0", 123_456);
            files.remove("gateway-0");
        }
        files.write("gateway-0", 123_456);
        while (seen.isEmpty() && !looking.isDone()) {
            Thread.onSpinWait();
        }
        written.set(true);
        looking.join();

        // Then
        assertThat(seen).containsExactly("123456\n");
        try (var all = Files.list(data.resolve("run"))) {
            assertThat(all).containsExactly(file);
        }
    }

    private static Optional<String> content(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
