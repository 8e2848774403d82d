package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A start on a port, or on a data directory, that is in use. */
@ExtendWith(Shared.class)
class SecondStartST {
    @Test
    void shouldSaySoInOneSentenceWhenPortIsTaken() throws IOException, InterruptedException {
        // Given
        try (Spyhop spyhop = new Spyhop("taken-port", Engine.ofThisMachine());
                ServerSocket taken =
                        new ServerSocket(spyhop.api().base().getPort(), 1, InetAddress.getLoopbackAddress())) {
            // When
            Process process = spyhop.launch();
            boolean ended = process.waitFor(30, TimeUnit.SECONDS);

            // Then
            assertThat(ended).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(Files.readString(Spyhop.work().resolve("taken-port.log")))
                    .startsWith("Spyhop cannot start: it cannot listen at 127.0.0.1, port " + taken.getLocalPort()
                            + ": Address already in use. Choose another port, such as SPYHOP_HTTP_PORT=")
                    .hasLineCount(1);
        }
    }

    @Test
    void shouldRefuseADataDirectoryThatIsInUse(Spyhop running) throws IOException, InterruptedException {
        try (Spyhop second = new Spyhop("second", Engine.ofThisMachine())) {
            // When
            Process process = second.launch(running.data());
            boolean ended = process.waitFor(30, TimeUnit.SECONDS);

            // Then
            assertThat(ended).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(Files.readString(second.log())).contains("is in use by a running process (");
            assertThat(running.api().get("/readyz").status()).isEqualTo(200);
        }
    }
}
