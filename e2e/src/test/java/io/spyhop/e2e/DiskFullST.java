package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.e2e.Containers.Container;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The disk under the data directory fills up. The test mounts a small one, so it needs root. */
@EnabledIf("canMount")
class DiskFullST {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final long FILLER_BYTES = 600L * 1024 * 1024;

    private final Engine engine = Engine.ofThisMachine();
    private final Containers containers = new Containers(engine);
    private final Spyhop spyhop = new Spyhop("disk", engine);
    private final Api api = spyhop.api();

    static boolean canMount() {
        return Engine.canStartOwn();
    }

    @BeforeEach
    void start() {
        Shell.run(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "size=1100m,mode=755",
                "tmpfs",
                spyhop.data().toString());
        spyhop.start();
    }

    @AfterEach
    void end() {
        try (containers) {
            spyhop.stop();
            Shell.run("umount", spyhop.data().toString());
            spyhop.close();
        }
    }

    @Test
    void shouldPauseAndGoOnByItselfWhenTheDiskFills() throws Exception {
        // Given
        Container writer = containers.shell("w", "i=0; while true; do i=$((i+1)); echo $i; usleep 10000; done");
        String id = api.awaitWorkload(writer.name());
        api.awaitLines(id, 50, LONG);

        // When
        Path filler = spyhop.data().resolve("filler");
        try (RandomAccessFile file = new RandomAccessFile(filler.toFile(), "rw")) {
            byte[] mebibyte = new byte[1024 * 1024];
            for (long written = 0; written < FILLER_BYTES; written += mebibyte.length) {
                file.write(mebibyte);
            }
        }
        await("the pause").atMost(LONG).until(() -> spyhop.said("capture pauses"));
        long stored = api.page(Api.address(id), "tail=1").items().getFirst().lineNo();
        await("the container to write on")
                .atMost(LONG)
                .until(() -> containers.engineStdout(writer).size() > stored + 300);
        assertThat(api.page(Api.address(id), "tail=1").items().getFirst().lineNo())
                .as("readable, and nothing stored meanwhile")
                .isLessThan(stored + 150);
        Files.delete(filler);

        // Then
        await("capture to go on").atMost(LONG).until(() -> spyhop.said("Capture goes on"));
        containers.kill(writer);
        api.awaitSystemLine(id, "worker stopped", 1);
        List<String> written = containers.engineStdout(writer);
        assertThat(Line.messages(api.lines(id), "stdout")).isEqualTo(written);
    }
}
