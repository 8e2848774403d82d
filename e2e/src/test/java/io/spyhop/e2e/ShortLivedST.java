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
        List<String> complaints = new ArrayList<>();

        // When
        for (int i = 1; i <= 50; i++) {
            complaints.add(containers.runToRemoval("seq-" + i, "echo", "hi-" + i));
        }

        // Then
        assertAllCaptured("seq-", complaints);
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
        List<String> complaints = new ArrayList<>();
        for (Future<String> run : runs) {
            complaints.add(run.get());
        }

        // Then
        assertAllCaptured("par-", complaints);
    }

    private void assertAllCaptured(String prefix, List<String> complaints) {
        List<String> wrong = new ArrayList<>();
        for (int i = 1; i <= complaints.size(); i++) {
            if (complaints.get(i - 1).isEmpty()) {
                String id = api.awaitWorkload(containers.name(prefix + i));
                List<String> messages = api.awaitSystemLine(id, "worker removed", 1).stream()
                        .map(Line::message)
                        .toList();
                if (!messages.equals(List.of("worker started", "hi-" + i, "worker exited", "worker removed"))) {
                    wrong.add(id + ": " + messages);
                }
            }
        }
        assertThat(wrong).as("not captured exactly, of %d", complaints.size()).isEmpty();
        // Who reads a log while its container is being removed can make the engine fail to remove it.
        assertThat(complaints)
                .as("docker run is not disturbed by being watched")
                .containsOnly("");
    }
}
