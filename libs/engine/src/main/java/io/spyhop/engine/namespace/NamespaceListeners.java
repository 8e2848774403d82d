package io.spyhop.engine.namespace;

import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.ListenReader;
import io.spyhop.engine.ListenSocket;
import io.spyhop.engine.ListenWay;
import io.spyhop.engine.PortException;
import io.spyhop.engine.kernel.ContainerProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks for listening sockets by a socket that is kept inside the container's network namespace. Hot path: while nothing
 * changes, a look is one question to the kernel. What is new is told with the process that holds it; what none of the
 * container's processes holds is not its own, be it that others share the network, or that it is the engine's.
 */
public final class NamespaceListeners implements ListenReader {
    private static final Path PROC = Path.of("/proc");

    /** Looks without any change after which owners are looked for again: a program may have handed its socket on. */
    private static final int UNCHANGED_MAX = 15;

    /** Instead of one port. */
    private static final int ALL = 0;

    private final String containerId;
    private final DiagnosticSocket kernel;
    private final SocketOwners owners;
    private final boolean hostNetwork;
    private final int port;
    private List<DiagnosticSocket.Entry> known = List.of();
    private List<ListenSocket> sockets = List.of();
    private boolean complete = true;
    private int unchanged;

    private NamespaceListeners(
            String containerId, DiagnosticSocket kernel, ContainerProcesses processes, boolean hostNetwork, int port) {
        this.containerId = containerId;
        this.kernel = kernel;
        this.owners = new SocketOwners(PROC, processes);
        this.hostNetwork = hostNetwork;
        this.port = port;
    }

    /**
     * Looks into the namespace of a container of this machine.
     *
     * @param pid of its first process
     * @return null where it has ended or is not to be seen from here, its namespace may not be entered, or its processes
     *     cannot be told
     */
    public static @Nullable NamespaceListeners open(String containerId, long pid) {
        try {
            return opened(containerId, pid, ALL);
        } catch (ContainerGoneException | PortException e) {
            // From inside a container the machine's processes are not to be seen: the engine can say.
            return null;
        }
    }

    /**
     * Where processes of a container of this machine listen with one port at this moment. It costs less than a first look at all of
     * them, for who holds the others is not asked.
     *
     * @param pid of its first process
     * @throws ContainerGoneException when it has ended, or is not to be seen from here
     * @throws PortException {@code NO_WAY} when its namespace may not be entered, or its processes cannot be told
     */
    public static List<ListenSocket> on(String containerId, long pid, int port) {
        try (NamespaceListeners listeners = opened(containerId, pid, port)) {
            return listeners.read();
        }
    }

    private static NamespaceListeners opened(String containerId, long pid, int port) {
        DiagnosticSocket kernel = NetworkNamespaces.ofThisMachine().diagnosticSocket(containerId, pid);
        try {
            ContainerProcesses processes = ContainerProcesses.of(PROC, containerId, pid);
            if (processes != null) {
                return new NamespaceListeners(containerId, kernel, processes, isHostNetwork(pid), port);
            }
        } catch (IOException e) {
            kernel.close();
            throw new ContainerGoneException(containerId);
        }
        kernel.close();
        throw PortException.noWay("its processes cannot be told", null);
    }

    private static boolean isHostNetwork(long pid) throws IOException {
        return number(Long.toString(pid)).equals(number("1"));
    }

    /** Each network namespace has files of its own. Unlike the namespaces themselves anybody may look at them. */
    private static Object number(String process) throws IOException {
        return Files.getAttribute(PROC.resolve(process).resolve("net/dev"), "unix:ino");
    }

    @Override
    public ListenWay way() {
        return ListenWay.NAMESPACE;
    }

    @Override
    public boolean isLocal() {
        return true;
    }

    @Override
    public boolean hostNetwork() {
        return hostNetwork;
    }

    @Override
    public synchronized List<ListenSocket> read() {
        try {
            List<DiagnosticSocket.Entry> now = kernel.read();
            boolean same = isSame(now);
            unchanged = same ? unchanged + 1 : 0;
            boolean again = unchanged == UNCHANGED_MAX;
            if (same && complete && !again) {
                return sockets;
            }
            unchanged = again ? 0 : unchanged;
            known = now;
            // A change may be that a program has handed on what was nobody's.
            complete = owners.resolve(
                    now.stream()
                            .filter(this::counts)
                            .map(DiagnosticSocket.Entry::inode)
                            .collect(Collectors.toSet()),
                    again || !same);
            List<ListenSocket> told = told();
            // Who compares lists sees at once that nothing has changed.
            sockets = told.equals(sockets) ? sockets : told;
            return sockets;
        } catch (IOException e) {
            throw new ContainerGoneException(containerId);
        }
    }

    @Override
    public void close() {
        kernel.close();
    }

    @SuppressWarnings("ReferenceEquality") // It is the very same list while nothing changes.
    private boolean isSame(List<DiagnosticSocket.Entry> now) {
        return now == known;
    }

    private boolean counts(DiagnosticSocket.Entry entry) {
        return (port == ALL || entry.port() == port) && !entry.address().equals(ListenSocket.ENGINE_RESOLVER);
    }

    private List<ListenSocket> told() {
        List<ListenSocket> told = new ArrayList<>();
        for (DiagnosticSocket.Entry entry : known) {
            SocketOwners.Owner owner = owners.owner(entry.inode());
            boolean own = owner != null || (owners.blind() && !hostNetwork);
            if (own && counts(entry)) {
                told.add(new ListenSocket(
                        entry.port(),
                        entry.address(),
                        entry.both(),
                        owner == null ? null : owner.process(),
                        owner == null ? null : owner.pidInside()));
            }
        }
        return List.copyOf(told);
    }
}
