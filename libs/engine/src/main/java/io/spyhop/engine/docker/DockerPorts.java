package io.spyhop.engine.docker;

import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.PortConnection;
import io.spyhop.engine.PortException;
import io.spyhop.engine.PortTarget;
import io.spyhop.engine.PortWay;
import io.spyhop.engine.namespace.ContainerSockets;
import io.spyhop.engine.namespace.NetworkNamespaces;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * Connects to ports of containers of an engine on this machine. Only of one on this machine: another's addresses are taken
 * by containers here too.
 */
final class DockerPorts {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private DockerPorts() {}

    static PortConnection connect(PortTarget target, Duration max) {
        Long pid = target.pid();
        if (pid != null) {
            SocketChannel socket = null;
            try {
                socket = NetworkNamespaces.ofThisMachine().socket(target.containerId(), pid);
            } catch (ContainerGoneException e) {
                // Its address may be another's by now.
                throw PortException.noWay("its process has ended, or is not to be seen from here", e);
            } catch (PortException e) {
                if (target.addresses().isEmpty()) {
                    throw e;
                }
            }
            if (socket != null) {
                return connected(socket, LOOPBACK, target.port(), max, PortWay.NAMESPACE);
            }
        }
        if (target.addresses().isEmpty()) {
            throw PortException.noWay("the container has no address", null);
        }
        try {
            // Numbers: nothing is looked up.
            InetAddress address = InetAddress.ofLiteral(target.addresses().getFirst());
            SocketChannel socket = SocketChannel.open(ContainerSockets.family(address));
            return connected(socket, address, target.port(), max, PortWay.ADDRESS);
        } catch (IOException | IllegalArgumentException e) {
            throw PortException.noWay("the container's address cannot be used", e);
        }
    }

    private static PortConnection connected(
            SocketChannel socket, InetAddress address, int port, Duration max, PortWay way) {
        return new PortConnection(ContainerSockets.connected(socket, address, port, max, way), way);
    }
}
