package io.spyhop.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.engine.ListenSocket;
import org.junit.jupiter.api.Test;

class SsOutputTest {
    @Test
    void shouldReadEveryFormOfAnAddress() {
        // Given: as a terminal gets it
        String output = """
                LISTEN 0      511          127.0.0.1:6379      0.0.0.0:*    users:(("redis-server",pid=12,fd=6))\r
                LISTEN 0      128            0.0.0.0:22        0.0.0.0:*\r
                LISTEN 0      4096     127.0.0.53%lo:53        0.0.0.0:*    users:(("systemd (x),y",pid=3,fd=14))\r
                LISTEN 0      511                  *:3000            *:*    users:(("node",pid=1,fd=18),("node",pid=9,fd=18))\r
                LISTEN 0      511               [::]:80           [::]:*\r
                LISTEN 0      50  [::ffff:127.0.0.1]:8005            *:*    users:(("java",pid=7,fd=40))\r
                LISTEN 0      5                [::1]:631          [::]:*\r
                """;

        // When / Then
        assertThat(SsOutput.parse(output))
                .containsExactly(
                        new ListenSocket(6379, "127.0.0.1", false, "redis-server", 12L),
                        new ListenSocket(22, "0.0.0.0", false, null, null),
                        new ListenSocket(53, "127.0.0.53", false, "systemd (x),y", 3L),
                        new ListenSocket(3000, "::", true, "node", 1L),
                        new ListenSocket(80, "::", false, null, null),
                        new ListenSocket(8005, "127.0.0.1", false, "java", 7L),
                        new ListenSocket(631, "::1", false, null, null));
    }

    @Test
    void shouldReadRowsThatWereBrokenToFitATerminal() {
        // Given
        String output = """
                LISTEN   0        511                127.0.0.1:6379            0.0.0.0:*\r
                 users:(("redis-server",pid=12,fd=6))\r
                LISTEN   0        128                  0.0.0.0:22              0.0.0.0:*\r
                """;

        // When / Then
        assertThat(SsOutput.parse(output))
                .containsExactly(
                        new ListenSocket(6379, "127.0.0.1", false, "redis-server", 12L),
                        new ListenSocket(22, "0.0.0.0", false, null, null));
    }

    @Test
    void shouldFindNothingInWhatIsNoTable() {
        assertThat(SsOutput.parse("")).isEmpty();
        assertThat(SsOutput.parse("Cannot open netlink socket: Operation not permitted\r\n"))
                .isEmpty();
    }
}
