package io.spyhop.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.engine.ListenSocket;
import org.junit.jupiter.api.Test;

class ProcNetOutputTest {
    private static final String ROWS = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\r
               0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 13986570 1 0000000000000000 100 0 0 10 0\r
               1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 501 1 0000000000000000 100 0 0 10 0\r
               2: 0100007F:1F90 0100007F:C35A 01 00000000:00000000 00:00000000 00000000     0        0 13986571 1 0000000000000000 20 4 30 10 -1\r
               3: 0B00007F:A6E1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 13986572 1 0000000000000000 100 0 0 10 0\r
              sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\r
               0: 00000000000000000000000000000000:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 502 1 0000000000000000 100 0 0 10 0\r
               1: 00000000000000000000000001000000:0277 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 503 1 0000000000000000 100 0 0 10 0\r
               2: 0000000000000000FFFF00000100007F:1F45 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 504 1 0000000000000000 100 0 0 10 0\r
            """;

    @Test
    void shouldReadListeningSocketsOfBothFiles() {
        assertThat(ProcNetOutput.parse(ROWS))
                .containsExactly(
                        new ListenSocket(8080, "127.0.0.1", false, null, null),
                        new ListenSocket(22, "0.0.0.0", false, null, null),
                        new ListenSocket(42_721, ListenSocket.ENGINE_RESOLVER, false, null, null),
                        new ListenSocket(3000, "::", true, null, null),
                        new ListenSocket(631, "::1", false, null, null),
                        new ListenSocket(8005, "127.0.0.1", false, null, null));
    }

    @Test
    void shouldTellWhoHoldsASocketWhenDescriptorsAreThere() {
        // Given: as busybox's ls colours it
        String more = """
                /proc/1/comm node\r
                /proc/17/comm my program\r
                /proc/1/fd:\r
                total 0\r
                lrwx------    1 0        0               64 Nov 26 03:00 \u001b[1;36m0\u001b[m -> /dev/null\r
                lrwx------    1 0        0               64 Nov 26 03:00 \u001b[1;36m18\u001b[m -> socket:[502]\r
                \r
                /proc/17/fd:\r
                lrwx------ 1 root root 64 Nov 26 03:00 3 -> 'socket:[502]'\r
                lrwx------ 1 root root 64 Nov 26 03:00 4 -> 'socket:[13986570]'\r
                """;

        // When / Then
        assertThat(ProcNetOutput.parse(ROWS + more))
                .contains(
                        new ListenSocket(8080, "127.0.0.1", false, "my program", 17L),
                        new ListenSocket(3000, "::", true, "node", 1L),
                        new ListenSocket(22, "0.0.0.0", false, null, null));
    }

    @Test
    void shouldFindNothingInWhatIsNoTable() {
        assertThat(ProcNetOutput.parse("")).isEmpty();
        assertThat(ProcNetOutput.parse("sh: can't open '/proc/net/tcp': No such file or directory\r\n"))
                .isEmpty();
    }
}
