package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./spyhop doctor} says of a machine that has everything, and of one that has not. */
@ExtendWith(Shared.class)
class DoctorST {
    private static final Path SOCKET = Path.of("/var/run/docker.sock");

    private final Containers containers;
    private final Map<String, String> environment = new HashMap<>();
    private final Path data;

    DoctorST(Containers containers, @TempDir Path folder) {
        this.containers = containers;
        this.data = folder.resolve("data");
    }

    @BeforeEach
    void prepare() throws IOException {
        containers.shell("any-" + UUID.randomUUID(), "echo hello; exec sleep 600");
        environment.put("SPYHOP_DATA", data.toString());
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("SPYHOP_HTTP_PORT", Integer.toString(free.getLocalPort()));
        }
    }

    @Test
    void shouldSayThatSpyhopCanRunWhenNothingIsMissing() {
        // When
        Shell.Outcome outcome = Launcher.run(environment, "doctor");

        // Then
        assertThat(outcome.exit()).as(outcome.out()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .containsPattern("ok +JDK +\\d+.* in " + System.getProperty("java.home"))
                .containsPattern("ok +engine +unix://" + SOCKET + ": version .*API 1\\.\\d+")
                .containsPattern("ok +port +" + environment.get("SPYHOP_HTTP_PORT") + " is free")
                .containsPattern("ok +data directory +" + data + ": \\d+ MiB free")
                .containsPattern("\nSpyhop can run here.*\n$")
                .doesNotContain("missing", "\u001b");
        if (isRoot()) {
            assertThat(outcome.out()).containsPattern("ok +logs +of \\d+ containers? are read from the engine's files");
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void shouldSayWhatToDoWhenNoEngineAnswers() {
        // Given
        environment.put("DOCKER_HOST", "unix:///nowhere/docker.sock");

        // When
        Shell.Outcome outcome = Launcher.run(environment, "doctor");

        // Then
        assertThat(outcome.exit()).as(outcome.out()).isEqualTo(1);
        assertThat(outcome.out())
                .containsPattern("""
                    missing +engine +nothing answers at unix:///nowhere/docker.sock \\(DOCKER_HOST\\)
                     +-> start that engine, or correct or unset DOCKER_HOST
                    """)
                .containsPattern("\nSpyhop cannot run here yet: 1 missing, \\d limited\\.\n$");
    }

    @Test
    void shouldTellOfEachHostWhenSeveralAreConfigured() {
        // Given
        environment.put("SPYHOP_HOSTS_NEAR", "unix://" + SOCKET);
        environment.put("SPYHOP_HOSTS_FAR", "tcp://127.0.0.1:1");

        // When
        Shell.Outcome outcome = Launcher.run(environment, "doctor");

        // Then
        assertThat(outcome.exit()).as(outcome.out()).isZero();
        assertThat(outcome.out())
                .containsPattern("ok +host near +\\S+ .*, API 1\\.\\d+ at unix:///var/run/docker.sock\n")
                .containsPattern("logs near +of \\d+ containers? are read ")
                .containsPattern("limited +host far +nothing answers at tcp://127.0.0.1:1\n +-> start that engine");
    }

    @Test
    void shouldNameTheHolderWhenPortIsTaken() throws IOException {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            environment.put("SPYHOP_HTTP_PORT", Integer.toString(port));

            // When
            Shell.Outcome outcome = Launcher.run(environment, "doctor");

            // Then
            assertThat(outcome.exit()).as(outcome.out()).isEqualTo(1);
            assertThat(outcome.out())
                    .containsPattern("missing +port +%d is used by java \\(process %d\\)\n"
                                    .formatted(port, ProcessHandle.current().pid())
                            + " +-> end it, or choose another port: SPYHOP_HTTP_PORT=%d ".formatted(port + 1));
        }
    }

    @Test
    void shouldSayWhatIsLimitedWhenAccountMayUseTheEngineOnly() throws IOException {
        // Given
        assumeTrue(
                isRoot() && Files.isExecutable(Path.of("/usr/bin/setpriv")) && Files.exists(SOCKET),
                "only root can become somebody else");
        int group = (Integer) Files.getAttribute(SOCKET, "unix:gid");
        List<String> nobody = List.of("setpriv", "--reuid=65534", "--regid=65534", "--groups=" + group);
        environment.put("SPYHOP_DATA", "/tmp/spyhop-of-nobody");
        assumeTrue(
                Launcher.runUnder(nobody, environment, "help").exit() == 0, "another account cannot reach this folder");

        // When
        Shell.Outcome outcome = Launcher.runUnder(nobody, environment, "doctor");

        // Then
        assertThat(outcome.exit()).as(outcome.out() + outcome.err()).isZero();
        assertThat(outcome.out())
                .containsPattern("ok +engine ")
                .containsPattern("limited +logs +of \\d+ containers? are read through the engine's API, .*\n"
                        + " +-> run Spyhop as root on the machine of the engine")
                .containsPattern("limited +statistics|ok +statistics")
                .containsPattern("\nSpyhop can run here; \\d limited\\.\n$");
    }

    @Test
    void shouldSayWhatToDoWhenAccountMayNotUseTheEngine() {
        // Given
        assumeTrue(
                isRoot() && Files.isExecutable(Path.of("/usr/bin/setpriv")) && Files.exists(SOCKET),
                "only root can become somebody else");
        List<String> nobody = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        environment.put("SPYHOP_DATA", "/root/spyhop-of-nobody");
        assumeTrue(
                Launcher.runUnder(nobody, environment, "help").exit() == 0, "another account cannot reach this folder");

        // When
        Shell.Outcome outcome = Launcher.runUnder(nobody, environment, "doctor");

        // Then
        assertThat(outcome.exit()).as(outcome.out() + outcome.err()).isEqualTo(1);
        assertThat(outcome.out())
                .containsPattern("missing +engine +nobody may not use unix:///var/run/docker.sock\n"
                        + " +-> add the account to its group ")
                .containsPattern("missing +data directory +/root/spyhop-of-nobody: nobody may not write to .*\n"
                        + " +-> choose another directory with SPYHOP_DATA");
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
