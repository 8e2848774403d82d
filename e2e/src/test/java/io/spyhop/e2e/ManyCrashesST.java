package io.spyhop.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Containers.Container;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred containers crash in the same second. */
@ExtendWith(Shared.class)
class ManyCrashesST {
    private static final int CONTAINERS = 200;

    private static final Duration LONG = Duration.ofMinutes(2);

    private final Api api;
    private final Containers containers;

    ManyCrashesST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    @Test
    void shouldReportEachWhenTwoHundredCrashAtOnce(@TempDir Path shared) throws Exception {
        // Given: all of them wait for the same pipe to end, which costs no CPU
        Path pipe = shared.resolve("go");
        Shell.run("mkfifo", pipe.toString());
        try (FileChannel writer = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            List<Container> made = inParallel(number -> containers.run(
                    "crash-" + number,
                    List.of("-v", shared + ":/shared"),
                    "sh",
                    "-c",
                    "read line < /shared/go; echo \"job " + number + " failed\" >&2; exit 7"));
            assertThat(made).hasSize(CONTAINERS);
            String address = "/api/v1/workloads?limit=1000&q=" + containers.name("crash-");
            await("all workloads")
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(api.json(address).path("items"))
                            .hasSize(CONTAINERS)
                            .allMatch(item -> item.path("status").asText().equals("running")));

            // When: a line for each, all at once
            writer.write(ByteBuffer.wrap("go\n".repeat(CONTAINERS * 20).getBytes(US_ASCII)));

            // Then
            Set<String> right = new HashSet<>();
            await("all reports")
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> {
                        List<String> wrong = new ArrayList<>();
                        for (JsonNode item : api.json(address).path("items")) {
                            if (right.contains(item.path("name").asText())) {
                                continue;
                            }
                            JsonNode crashes = api.json(
                                            Api.address(item.path("id").asText()) + "/crashes")
                                    .path("items");
                            JsonNode crash = crashes.path(0);
                            if (crashes.size() != 1
                                    || crash.path("exitCode").asInt() != 7
                                    || !crash.path("complete").asBoolean()
                                    || !crash.path("error").asText().matches("job \\d+ failed")) {
                                wrong.add(item.path("name").asText() + ": " + crashes);
                            } else if (crash.has("error")) {
                                right.add(item.path("name").asText());
                            }
                        }
                        assertThat(wrong).as("not reported, of %d", CONTAINERS).isEmpty();
                    });
        }
    }

    private interface Numbered<T> {
        T of(int number) throws IOException;
    }

    private static <T> List<T> inParallel(Numbered<T> task) throws InterruptedException, ExecutionException {
        List<Future<T>> futures = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(6)) {
            for (int i = 1; i <= CONTAINERS; i++) {
                int number = i;
                futures.add(pool.submit(() -> task.of(number)));
            }
        }
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(future.get());
        }
        return results;
    }
}
