package io.spyhop.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.proxy.ProxyConnectException;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortProblemsTest {
    @ParameterizedTest
    @CsvSource({
        "CONNECTION_REFUSED, refuses connections",
        "TTL_EXPIRED, takes no connection",
        "NETWORK_UNREACHABLE, 'cannot be reached: its process has ended, or cannot be seen from where Spyhop runs'",
        "HOST_UNREACHABLE, cannot be reached from where Spyhop runs",
        "FORBIDDEN, cannot be reached from where Spyhop runs",
        "FAILURE, ended the connection without an answer"
    })
    void shouldTellWhatARelaySaidOfThePort(String status, String text) {
        for (boolean led : List.of(true, false)) {
            // When
            SpyhopException told = PortProblems.of(80, false, led, said("status: " + status));

            // Then
            assertThat(told.code()).isEqualTo(ErrorCode.PORT_AWAY);
            assertThat(told.publicMessage()).isEqualTo("port 80 of this container " + text);
        }
    }

    @Test
    void shouldTellThatPortDetectorIsAwayWhenItsRelayCannotBeAsked() {
        for (Exception failure : List.of(
                new UnknownHostException("port-detector"),
                new NoRouteToHostException("no route"),
                new ConnectException("Connection refused: port-detector/10.0.0.1:8086"),
                said("timeout"),
                said("disconnected"))) {
            // When
            SpyhopException told = PortProblems.of(80, false, true, failure);

            // Then
            assertThat(told.code()).isEqualTo(ErrorCode.DEPENDENCY_AWAY);
            assertThat(told.publicMessage()).isEqualTo("port-detector, which leads to this container, does not answer");
        }
        assertThat(PortProblems.of(80, false, true, said("authStatus: UNKNOWN(1)"))
                        .publicMessage())
                .contains("SPYHOP_INTERNAL_SECRET");
    }

    @Test
    void shouldTellOfThePortAloneOnceItWasReachedOrWhereNobodyElseLeadsThere() {
        assertThat(PortProblems.of(80, true, true, new IOException("timeout of the answer"))
                        .code())
                .isEqualTo(ErrorCode.PORT_AWAY);
        assertThat(PortProblems.of(80, true, true, new IOException()).publicMessage())
                .isEqualTo("port 80 of this container ended the connection without an answer");
        assertThat(PortProblems.of(80, false, false, said("timeout")).publicMessage())
                .isEqualTo("port 80 of this container takes no connection");
        assertThat(PortProblems.of(80, false, true, new ConnectionPoolTooBusyException("full"))
                        .publicMessage())
                .isEqualTo("port 80 has too many connections already");
    }

    private static ProxyConnectException said(String what) {
        return new ProxyConnectException("socks5, password, /10.0.0.1:8086 => a-1:80, " + what);
    }
}
