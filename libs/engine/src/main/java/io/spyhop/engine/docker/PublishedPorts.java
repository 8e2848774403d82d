package io.spyhop.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.engine.PortConnection;
import io.spyhop.engine.PortException;
import io.spyhop.engine.PortException.Reason;
import io.spyhop.engine.PortWay;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Connects to ports of containers on another machine, as far as they are published there: their own addresses lead
 * nowhere from here, or to another container.
 */
final class PublishedPorts {
    /** A firewall may stand between: whoever asked may know another way, and needs time for that. */
    private static final int TIME_PART = 4;

    private PublishedPorts() {}

    /**
     * Connects to where the engine's machine publishes a port.
     *
     * @param machine the engine's, by name or number
     * @param container as the engine shows it
     */
    static PortConnection connect(String machine, JsonNode container, int port, Duration max) {
        InetSocketAddress published = null;
        for (JsonNode binding : container.path("NetworkSettings").path("Ports").path(port + "/tcp")) {
            published = published == null ? address(machine, binding) : published;
        }
        if (published == null) {
            throw PortException.noWay("the container is on another machine, which does not publish the port", null);
        }
        SocketChannel socket = null;
        try {
            socket = SocketChannel.open();
            socket.socket().connect(published, Math.toIntExact(Math.max(1, max.toMillis() / TIME_PART)));
            return new PortConnection(socket, PortWay.ADDRESS);
        } catch (IOException e) {
            close(socket);
            throw PortException.failed(reason(e), PortWay.ADDRESS, e);
        }
    }

    /** Null where only that machine itself gets there. */
    private static @Nullable InetSocketAddress address(String machine, JsonNode binding) {
        String bound = binding.path("HostIp").asText();
        int port = binding.path("HostPort").asInt();
        if (port == 0 || bound.startsWith("127.") || bound.equals("::1")) {
            return null;
        }
        boolean every = bound.isEmpty() || bound.equals("0.0.0.0") || bound.equals("::");
        return new InetSocketAddress(every ? machine : bound, port);
    }

    private static Reason reason(IOException e) {
        return switch (e) {
            case SocketTimeoutException _ -> Reason.TIMED_OUT;
            case ConnectException refused
            when String.valueOf(refused.getMessage()).contains("refused") -> Reason.REFUSED;
            default -> Reason.UNREACHABLE;
        };
    }

    private static void close(@Nullable SocketChannel socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // It never was connected.
        }
    }
}
