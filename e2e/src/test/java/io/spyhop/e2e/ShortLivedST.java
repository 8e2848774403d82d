package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Containers that live for a moment and are removed at once: {@code docker run --rm … echo}. */
@ExtendWith(Shared.class)
class ShortLivedST {
    private final Api api;
    private final Containers containers;

    ShortLivedST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    @Test
    void shouldCaptureEveryOneWhenFiftyRunOneAfterTheOther() {
        // Given
        List<String> names = new ArrayList<>();

        // When
        for (int i = 1; i <= 50; i++) {
            names.add(containers.runToRemoval("seq-" + i, "echo", "hi-" + i));
        }

        // Then
        assertAllCaptured(names);
    }

    @Test
    void shouldCaptureEveryOneWhenTwentyRunAtOnce() throws InterruptedException, ExecutionException {
        // Given
        List<Future<String>> runs = new ArrayList<>();

        // When
        try (ExecutorService pool = Executors.newFixedThreadPool(5)) {
            for (int i = 1; i <= 20; i++) {
                int number = i;
                runs.add(pool.submit(() -> containers.runToRemoval("par-" + number, "echo", "hi-" + number)));
            }
        }
        List<String> names = new ArrayList<>();
        for (Future<String> run : runs) {
            names.add(run.get());
        }

        // Then
        assertAllCaptured(names);
    }

    private void assertAllCaptured(List<String> names) {
        List<String> wrong = new ArrayList<>();
        for (String name : names) {
            String id = api.awaitWorkload(name);
            List<Line> lines = api.awaitSystemLine(id, "worker removed", 1);
            String hi = "hi-" + name.substring(name.lastIndexOf('-') + 1);
            List<String> messages = lines.stream().map(Line::message).toList();
            if (!messages.equals(List.of("worker started", hi, "worker exited", "worker removed"))) {
                wrong.add(name + ": " + messages);
            }
        }
        assertThat(wrong).as("not captured exactly, of %d", names.size()).isEmpty();
    }
}
