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
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Connections to what listens inside this machine's containers, and to nothing else: each is proved to be the container's, by
 * the control group of its process and by the addresses of that process's network. Blocks.
 */
public final class ContainerSockets {
    private static final Path PROC = Path.of("/proc");

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

    /** At the container's address, where that leads to it. */
    static SocketChannel connectOutside(String containerId, long pid, InetAddress address, int port, Duration max) {
        prove(containerId, pid, address);
        SocketChannel socket;
        try {
            socket = SocketChannel.open(family(address));
        } catch (IOException e) {
            throw PortException.noWay("a socket cannot be made", e);
        }
        connected(socket, address, port, max, PortWay.ADDRESS);
        try {
            // Again: what has the address now, and is the container's, had it while connecting.
            prove(containerId, pid, address);
            return socket;
        } catch (ContainerGoneException | PortException e) {
            close(socket);
            throw e;
        }
    }

    private static void prove(String containerId, long pid, InetAddress address) {
        Path process = PROC.resolve(Long.toString(pid));
        try {
            if (!NetworkNamespaces.isOf(process, containerId) || !has(process, address)) {
                throw PortException.noWay("the address is not seen to be the container's", null);
            }
        } catch (NoSuchFileException e) {
            throw new ContainerGoneException(containerId);
        } catch (IOException e) {
            throw PortException.noWay("the address is not seen to be the container's", e);
        }
    }

    /** Whether an address is one of a process's own network. Those of IPv6 stand elsewhere, and are not known here. */
    private static boolean has(Path process, InetAddress address) throws IOException {
        Pattern own = Pattern.compile("\\|-- " + Pattern.quote(address.getHostAddress()) + "\\s+/32 host LOCAL");
        return own.matcher(Files.readString(process.resolve("net/fib_trie"))).find();
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
