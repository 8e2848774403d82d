package io.spyhop.ports.detect;

import io.spyhop.contracts.port.ListeningPort;
import io.spyhop.engine.ListenSocket;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A port, of whatever sockets there are for it: of both families, on several addresses, of several processes. Immutable.
 *
 * @param address as {@link ListeningPort} has it
 * @param dial as {@link ListeningPort} has it
 */
public record FoundPort(
        int port,
        String address,
        String dial,
        @Nullable String process,
        @Nullable Long pid) {
    private static final String LOOPBACK_4 = "127.0.0.1";
    private static final String LOOPBACK_6 = "::1";

    /** Best to be dialled first; of equal ones that of the parent, which has the least pid as a rule. */
    private static final Comparator<ListenSocket> BEST = Comparator.comparingInt(FoundPort::rank)
            .thenComparing(ListenSocket::pid, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(ListenSocket::address);

    /** The ports of these sockets, ascending. */
    public static SortedMap<Integer, FoundPort> of(List<ListenSocket> sockets) {
        SortedMap<Integer, FoundPort> ports = new TreeMap<>();
        sockets.stream().sorted(BEST).forEach(socket -> ports.merge(socket.port(), of(socket), FoundPort::with));
        return ports;
    }

    private static FoundPort of(ListenSocket socket) {
        String dial = isAny(socket) ? socket.both() || isFour(socket) ? LOOPBACK_4 : LOOPBACK_6 : socket.address();
        String address =
                isAny(socket) ? ListeningPort.ALL : isLoopback(socket) ? ListeningPort.LOOPBACK : socket.address();
        return new FoundPort(socket.port(), address, dial, socket.process(), socket.pid());
    }

    /** One that is dialled less well widens what the first is. */
    private FoundPort with(FoundPort other) {
        boolean wider = address.equals(ListeningPort.LOOPBACK) && !other.address.equals(ListeningPort.LOOPBACK);
        return new FoundPort(
                port,
                wider ? other.address : address,
                dial,
                process == null ? other.process : process,
                pid == null ? other.pid : pid);
    }

    private static int rank(ListenSocket socket) {
        if (isAny(socket)) {
            return socket.both() || isFour(socket) ? 0 : 2;
        }
        return isLoopback(socket) ? (isFour(socket) ? 1 : 3) : 4;
    }

    private static boolean isAny(ListenSocket socket) {
        return socket.address().equals("0.0.0.0") || socket.address().equals("::");
    }

    private static boolean isLoopback(ListenSocket socket) {
        return socket.address().startsWith("127.") || socket.address().equals(LOOPBACK_6);
    }

    private static boolean isFour(ListenSocket socket) {
        return socket.address().indexOf(':') < 0;
    }

    /** As it is announced. */
    ListeningPort since(Instant since) {
        return new ListeningPort(port, address, dial, process, pid, since);
    }

    static FoundPort of(ListeningPort port) {
        return new FoundPort(port.port(), port.address(), port.dial(), port.process(), port.pid());
    }
}
