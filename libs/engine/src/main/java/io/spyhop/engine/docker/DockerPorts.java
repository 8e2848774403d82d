package io.spyhop.engine.docker;

import io.spyhop.engine.PortConnection;
import io.spyhop.engine.PortException;
import io.spyhop.engine.PortException.Reason;
import io.spyhop.engine.PortTarget;
import io.spyhop.engine.PortWay;
import io.spyhop.engine.namespace.NetworkNamespaces;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * Connects to ports of containers of an engine on this machine. Only of one on this machine: another's addresses are taken
 * by containers here too.
 */
final class DockerPorts {
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private DockerPorts() {}

    static PortConnection connect(PortTarget target, Duration max) {
        Long pid = target.pid();
        if (pid != null) {
            SocketChannel socket = null;
            try {
                socket = NetworkNamespaces.ofThisMachine().socket(target.containerId(), pid);
            } catch (PortException e) {
                if (target.addresses().isEmpty()) {
                    throw e;
                }
            }
            if (socket != null) {
                return new PortConnection(
                        connected(socket, LOOPBACK, target.port(), max, PortWay.NAMESPACE), PortWay.NAMESPACE);
            }
        }
        if (target.addresses().isEmpty()) {
            throw PortException.noWay("the container has no address", null);
        }
        try {
            // Numbers: nothing is looked up.
            byte[] address =
                    InetAddress.ofLiteral(target.addresses().getFirst()).getAddress();
            SocketChannel socket = SocketChannel.open(
                    address.length == LOOPBACK.length ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
            return new PortConnection(connected(socket, address, target.port(), max, PortWay.ADDRESS), PortWay.ADDRESS);
        } catch (IOException | IllegalArgumentException e) {
            throw PortException.noWay("the container's address cannot be used", e);
        }
    }

    private static SocketChannel connected(SocketChannel socket, byte[] address, int port, Duration max, PortWay way) {
        try {
            socket.socket()
                    .connect(
                            new InetSocketAddress(InetAddress.getByAddress(address), port),
                            Math.toIntExact(Math.max(1, max.toMillis())));
            return socket;
        } catch (IOException e) {
            close(socket);
            throw PortException.failed(reason(e), way, e);
        }
    }

    private static Reason reason(IOException e) {
        return switch (e) {
            case SocketTimeoutException _ -> Reason.TIMED_OUT;
            case ConnectException refused
            when String.valueOf(refused.getMessage()).contains("refused") -> Reason.REFUSED;
            default -> Reason.UNREACHABLE;
        };
    }

    private static void close(SocketChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It never was connected.
        }
    }
}
