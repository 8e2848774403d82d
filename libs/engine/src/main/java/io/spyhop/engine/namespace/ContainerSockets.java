package io.spyhop.engine.namespace;

import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.PortException;
import io.spyhop.engine.PortException.Reason;
import io.spyhop.engine.PortWay;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * Connections to what listens inside this machine's containers, and to nothing else: each is proved to be the container's, by
 * the control group of its process and by what that process's network knows. Blocks. Thread-safe.
 */
public final class ContainerSockets {
    private static final Path PROC = Path.of("/proc");
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private ContainerSockets() {}

    /**
     * Connects from inside the container's network namespace; where that may not be entered, at the container's address, which
     * misses what listens on its loopback only.
     *
     * @param pid of the container's first process, as this machine numbers it
     * @param dial a numeric address at which the port answers inside the container
     * @param addresses of the container, by which it is reached from its machine
     * @throws ContainerGoneException when that process has ended
     * @throws PortException when there is no connection
     */
    public static SocketChannel connect(
            String containerId, long pid, String dial, List<String> addresses, int port, Duration max) {
        InetAddress inside = InetAddress.ofLiteral(dial);
        SocketChannel socket;
        try {
            socket = NetworkNamespaces.ofThisMachine().socket(containerId, pid, family(inside));
        } catch (PortException e) {
            if (e.reason() != Reason.NO_WAY || addresses.isEmpty()) {
                throw e;
            }
            return connectOutside(containerId, pid, InetAddress.ofLiteral(addresses.getFirst()), port, max);
        }
        return connected(socket, inside, port, max, PortWay.NAMESPACE);
    }

    /** Connects a socket, or closes it. */
    public static SocketChannel connected(
            SocketChannel socket, InetAddress address, int port, Duration max, PortWay way) {
        try {
            socket.socket().connect(new InetSocketAddress(address, port), Math.toIntExact(Math.max(1, max.toMillis())));
            return socket;
        } catch (IOException e) {
            close(socket);
            throw PortException.failed(reason(e), way, e);
        }
    }

    /** What fits an address. */
    public static StandardProtocolFamily family(InetAddress address) {
        return address.getAddress().length == 4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    /**
     * Proves that the other end of a TCP connection is inside a container: the network of a process that is the container's
     * knows the same connection from the other side, which says more than whose an address is. Who may not enter that network
     * reads all its connections instead (proc(5), {@code /proc/<pid>/net/tcp}), which takes milliseconds.
     *
     * @param pid of the container's first process, as this machine numbers it
     * @param near this side's address
     * @param far the address that was connected to
     * @throws ContainerGoneException when that process has ended
     * @throws PortException when the connection leads elsewhere, or nobody may look
     */
    public static void prove(String containerId, long pid, InetSocketAddress near, InetSocketAddress far) {
        DiagnosticSocket kernel;
        try {
            kernel = NetworkNamespaces.ofThisMachine().diagnosticSocket(containerId, pid);
        } catch (PortException e) {
            proveByFiles(containerId, pid, near, far);
            return;
        }
        try (kernel) {
            if (!kernel.knows(far, near)) {
                throw elsewhere();
            }
        } catch (IOException e) {
            throw PortException.noWay("the connections of the container cannot be seen", e);
        }
    }

    static void proveByFiles(String containerId, long pid, InetSocketAddress near, InetSocketAddress far) {
        Path process = process(containerId, pid);
        String same = row(far) + " " + row(near);
        String mapped = mapped(far) + " " + mapped(near);
        try {
            if (!Files.readString(process.resolve("net/tcp")).contains(same)
                    && !Files.readString(process.resolve("net/tcp6")).contains(mapped)) {
                throw elsewhere();
            }
        } catch (NoSuchFileException e) {
            throw new ContainerGoneException(containerId);
        } catch (IOException e) {
            throw PortException.noWay("the connections of the container cannot be seen", e);
        }
    }

    private static PortException elsewhere() {
        return PortException.noWay("the connection is not seen to be the container's", null);
    }

    /** At the container's address, where that leads to it. */
    static SocketChannel connectOutside(String containerId, long pid, InetAddress address, int port, Duration max) {
        process(containerId, pid);
        SocketChannel socket;
        try {
            socket = SocketChannel.open(family(address));
        } catch (IOException e) {
            throw PortException.noWay("a socket cannot be made", e);
        }
        connected(socket, address, port, max, PortWay.ADDRESS);
        try {
            prove(containerId, pid, (InetSocketAddress) socket.getLocalAddress(), (InetSocketAddress)
                    socket.getRemoteAddress());
            return socket;
        } catch (ContainerGoneException | PortException e) {
            close(socket);
            throw e;
        } catch (IOException e) {
            close(socket);
            throw PortException.failed(reason(e), PortWay.ADDRESS, e);
        }
    }

    /** Where a process is seen that is the container's. */
    private static Path process(String containerId, long pid) {
        Path process = PROC.resolve(Long.toString(pid));
        try {
            if (NetworkNamespaces.isOf(process, containerId)) {
                return process;
            }
            throw PortException.noWay("the process is not seen to be the container's", null);
        } catch (NoSuchFileException e) {
            throw new ContainerGoneException(containerId);
        } catch (IOException e) {
            throw PortException.noWay("the process is not seen to be the container's", e);
        }
    }

    private static String row(InetSocketAddress end) {
        return row(end.getAddress().getAddress(), end.getPort());
    }

    /** As a socket of IPv6 that takes IPv4 too has it (RFC 4291, section 2.5.5.2). */
    private static String mapped(InetSocketAddress end) {
        byte[] address = end.getAddress().getAddress();
        if (address.length > 4) {
            return row(address, end.getPort());
        }
        ByteBuffer wide = ByteBuffer.allocate(16).putShort(10, (short) 0xffff).put(12, address);
        return row(wide.array(), end.getPort());
    }

    /** The kernel writes each four bytes as a number of this machine's order, and the port as it is. */
    private static String row(byte[] address, int port) {
        StringBuilder row = new StringBuilder(address.length * 2 + 5);
        ByteBuffer words = ByteBuffer.wrap(address).order(ByteOrder.nativeOrder());
        while (words.hasRemaining()) {
            row.append(HEX.toHexDigits(words.getInt()));
        }
        return row.append(':').append(HEX.toHexDigits((short) port)).toString();
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
            // Nobody uses it.
        }
    }
}
