package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Containers.Container;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The disk under the data directory fills up. The test mounts a small one, so it needs root. */
@EnabledIf("canMount")
class DiskFullST {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final long FILLER_BYTES = 600L * 1024 * 1024;

    /** Less than a page. */
    private static final int JOB_LINES = 500;

    private static final Engine ENGINE = Engine.ofThisMachine();
    private static final Spyhop SPYHOP = new Spyhop("disk", ENGINE);

    private final Containers containers = new Containers(ENGINE);
    private final Api api = SPYHOP.api();

    static boolean canMount() {
        return Engine.canStartOwn();
    }

    @BeforeAll
    static void start() {
        Shell.run(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "size=1100m,mode=755",
                "tmpfs",
                SPYHOP.data().toString());
        SPYHOP.start();
    }

    @AfterAll
    static void end() {
        try (SPYHOP) {
            SPYHOP.stop();
            Shell.run("umount", SPYHOP.data().toString());
        }
    }

    @AfterEach
    void removeContainers() {
        containers.close();
    }

    @Test
    void shouldPauseAndGoOnByItselfWhenTheDiskFills() throws Exception {
        // Given
        Container writer = containers.shell("w", "i=0; while true; do i=$((i+1)); echo $i; usleep 10000; done");
        String id = api.awaitWorkload(writer.name());
        api.awaitLines(id, 50, LONG);

        // When
        Path filler = fill();
        long stored = api.page(Api.address(id), "tail=1").items().getFirst().lineNo();
        await("the container to write on")
                .atMost(LONG)
                .until(() -> containers.engineStdout(writer).size() > stored + 300);
        assertThat(api.page(Api.address(id), "tail=1").items().getFirst().lineNo())
                .as("readable, and nothing stored meanwhile")
                .isLessThan(stored + 150);
        makeRoom(filler);

        // Then
        containers.kill(writer);
        api.awaitSystemLine(id, "worker stopped", 1);
        List<String> written = containers.engineStdout(writer);
        assertThat(Line.messages(api.lines(id), "stdout")).isEqualTo(written);
    }

    @Test
    void shouldRunJobsAndKeepWhatTheyWroteWhenTheDiskIsFull() throws Exception {
        // Given: somebody writes, for nobody looks whether there is room to store nothing
        Container service = containers.shell("service", "while true; do echo written; usleep 100000; done");
        String address = Api.address(api.awaitWorkload(service.name()));
        await("it runs")
                .atMost(LONG)
                .until(() -> api.json(address).path("status").asText().equals("running"));
        Jobs jobs = new Jobs(api, address);
        String job = jobs.create("full", "seq 1 " + JOB_LINES + "; exit 3", Map.of());
        String inside = jobs.create("full inside", "seq 1 " + JOB_LINES + "; exit 4", Map.of("mode", "exec"));

        // When
        Path filler = fill();
        String run = jobs.run(job);
        String runInside = jobs.run(inside);

        // Then: they run, and nothing that only the container has is thrown away
        JsonNode ended = jobs.awaitEnd(run);
        assertThat(ended.path("status").asText()).isEqualTo("failed");
        assertThat(ended.path("exitCode").asInt()).isEqualTo(3);
        assertThat(jobs.awaitEnd(runInside).path("exitCode").asInt()).isEqualTo(4);
        assertThat(jobs.output(run)).isEmpty();
        assertThat(jobs.output(runInside)).isEmpty();
        assertThat(containers.ofRun(ended)).isEqualTo(ended.path("containerId").asText());

        // When
        makeRoom(filler);

        // Then
        String[] all = FirstPathST.numbers(1, JOB_LINES).toArray(String[]::new);
        jobs.awaitOutput(run, all);
        jobs.awaitOutput(runInside, all);
        containers.awaitRemovalOf(ended);
    }

    /** Returns once Spyhop has seen it. */
    private static Path fill() throws IOException {
        long before = rows("capture pauses");
        Path filler = SPYHOP.data().resolve("filler");
        try (RandomAccessFile file = new RandomAccessFile(filler.toFile(), "rw")) {
            byte[] mebibyte = new byte[1024 * 1024];
            for (long written = 0; written < FILLER_BYTES; written += mebibyte.length) {
                file.write(mebibyte);
            }
        }
        await("the pause").atMost(LONG).until(() -> rows("capture pauses") > before);
        return filler;
    }

    private static void makeRoom(Path filler) throws IOException {
        long before = rows("Capture goes on");
        Files.delete(filler);
        await("capture to go on").atMost(LONG).until(() -> rows("Capture goes on") > before);
    }

    private static long rows(String words) throws IOException {
        try (Stream<String> rows = Files.lines(SPYHOP.log())) {
            return rows.filter(row -> row.contains(words)).count();
        }
    }
}
