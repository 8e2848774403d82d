package io.spyhop.gateway.proxy;

import io.netty.handler.proxy.ProxyConnectException;
import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;

/** What is told of a port that gave no answer. */
final class PortProblems {
    private static final String LED = "port-detector, which leads to this container, ";

    private PortProblems() {}

    /**
     * What whoever asked is told.
     *
     * @param connected whether there was a connection to the port
     * @param led whether port-detector's relay was asked for it
     */
    static SpyhopException of(int port, boolean connected, boolean led, Throwable failure) {
        if (failure instanceof ConnectionPoolTooBusyException) {
            return new SpyhopException(
                    ErrorCode.DEPENDENCY_AWAY, "port " + port + " has too many connections already", failure);
        }
        String told = String.valueOf(failure.getMessage());
        if (led && !connected) {
            if (told.contains("authStatus")) {
                return new SpyhopException(
                        ErrorCode.DEPENDENCY_AWAY,
                        LED + "has another SPYHOP_INTERNAL_SECRET than the gateway",
                        failure);
            }
            if (isRelayAway(failure, told)) {
                return new SpyhopException(ErrorCode.DEPENDENCY_AWAY, LED + "does not answer", failure);
            }
        }
        return new SpyhopException(ErrorCode.PORT_AWAY, "port " + port + " of this container " + reason(told), failure);
    }

    /** None is at its place, or it says nothing, or closes: what it says of a port is of another kind. */
    private static boolean isRelayAway(Throwable failure, String told) {
        return failure instanceof UnknownHostException
                || failure instanceof NoRouteToHostException
                || (failure instanceof ConnectException && !(failure instanceof ProxyConnectException))
                || told.contains("timeout")
                || told.contains("disconnected");
    }

    /** A relay's reasons, as the client of it words them (RFC 1928, section 6). */
    private static String reason(String told) {
        if (told.contains("CONNECTION_REFUSED")) {
            return "refuses connections";
        }
        if (told.contains("TTL_EXPIRED") || told.contains("timeout")) {
            return "takes no connection";
        }
        if (told.contains("NETWORK_UNREACHABLE")) {
            return "cannot be reached: its process has ended, or cannot be seen from where Spyhop runs";
        }
        return told.contains("FORBIDDEN") || told.contains("HOST_UNREACHABLE")
                ? "cannot be reached from where Spyhop runs"
                : "ended the connection without an answer";
    }
}
