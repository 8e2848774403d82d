package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Containers.Container;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred containers run, and write, at the same time. */
@ExtendWith(Shared.class)
class ManyContainersST {
    private static final int CONTAINERS = 200;
    private static final Duration LONG = Duration.ofMinutes(2);

    private final Api api;
    private final Containers containers;

    ManyContainersST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    @Test
    void shouldCaptureEveryLineWhenTwoHundredContainersWriteAtOnce(@TempDir Path shared) throws Exception {
        // Given: all of them wait on one pipe, which costs no CPU, and write when it is opened.
        Path pipe = shared.resolve("go");
        Shell.run("mkfifo", pipe.toString());
        String script = "echo ready; cat /shared/go; i=0; while [ $i -lt 20 ]; do"
                + " i=$((i+1)); echo e-$i >&2; seq $((i*5-4)) $((i*5)); done";
        List<Container> made = inParallel(
                number -> containers.run("many-" + number, List.of("-v", shared + ":/shared"), "sh", "-c", script));
        Map<String, String> ids = awaitWorkloads(made);
        for (String id : ids.values()) {
            api.awaitLines(id, 2, LONG);
        }

        // When
        await("the end of all")
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    release(pipe);
                    return containers.running() == 0;
                });

        // Then
        List<String> wrong = new ArrayList<>();
        for (Container container : made) {
            String id = Objects.requireNonNull(ids.get(container.name()), container.name());
            List<Line> lines = api.awaitSystemLine(id, "worker exited", 1);
            if (!Line.messages(lines, "stdout").equals(stdout())
                    || !Line.messages(lines, "stderr").equals(stderr())
                    || !Line.messages(lines, "system").equals(List.of("worker started", "worker exited"))) {
                wrong.add("%s: %d lines".formatted(container.name(), lines.size()));
            }
        }
        assertThat(wrong).as("not captured exactly, of %d", CONTAINERS).isEmpty();
    }

    private Map<String, String> awaitWorkloads(List<Container> made) {
        Map<String, String> ids = new HashMap<>();
        String prefix = containers.name("many-");
        await("all workloads").atMost(LONG).pollInterval(Duration.ofMillis(500)).until(() -> {
            for (JsonNode item :
                    api.json("/api/v1/workloads?limit=1000&q=" + prefix).path("items")) {
                ids.put(item.path("name").asText(), item.path("id").asText());
            }
            return ids.size() == made.size();
        });
        return ids;
    }

    /** Lets everybody go on who waits for a writer now. */
    private static void release(Path pipe) {
        try {
            // Read and write: opening it for writing alone would block where nobody waits.
            Files.newByteChannel(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)
                    .close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Numbered<T> {
        T of(int number);
    }

    private static <T> List<T> inParallel(Numbered<T> task) throws InterruptedException, ExecutionException {
        List<Future<T>> futures = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(6)) {
            IntStream.rangeClosed(1, CONTAINERS).forEach(number -> futures.add(pool.submit(() -> task.of(number))));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(future.get());
        }
        return results;
    }

    private static List<String> stdout() {
        List<String> lines = new ArrayList<>(List.of("ready"));
        lines.addAll(FirstPathST.numbers(1, 100));
        return lines;
    }

    private static List<String> stderr() {
        return IntStream.rangeClosed(1, 20).mapToObj(i -> "e-" + i).toList();
    }
}
