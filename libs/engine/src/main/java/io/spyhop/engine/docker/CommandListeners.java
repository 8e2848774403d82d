package io.spyhop.engine.docker;

import io.spyhop.engine.CommandOutput;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.ListenReader;
import io.spyhop.engine.ListenSocket;
import io.spyhop.engine.ListenWay;
import io.spyhop.engine.PortException;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks for listening sockets by programs of the container's own: {@code ss}, else a shell that shows what {@code /proc}
 * has, else {@code cat}. Which of them is there is found out at the first look, and again where it fails. Where the network is
 * shared with others, only what is seen to be held by the container's own processes is told.
 */
final class CommandListeners implements ListenReader {
    /** Rows of thousands of sockets. */
    private static final int OUTPUT_BYTES_MAX = 1024 * 1024;

    private static final List<String> SS = List.of("ss", "-tlnpH");

    /**
     * Only rows of what listens, where grep is there to choose, and else all. Besides it and ls, without which nobody is seen to
     * hold a socket, the shell does all itself.
     */
    private static final List<String> SHELL = List.of("sh", "-c", """
            if command -v grep >/dev/null
            then grep -h ' 0A ' /proc/net/tcp /proc/net/tcp6
            else for f in /proc/net/tcp /proc/net/tcp6; do while read -r row; do echo "$row"; done <"$f"; done
            fi 2>/dev/null
            for p in /proc/[0-9]*; do
            if read -r n <"$p/comm"; then echo "$p/comm $n"; fi
            done 2>/dev/null
            ls -l /proc/[0-9]*/fd 2>/dev/null
            exit 0
            """);

    private record Tool(ListenWay way, List<String> command, Function<String, List<ListenSocket>> parser) {}

    private static final Tool BY_SS = new Tool(ListenWay.SS, SS, SsOutput::parse);
    private static final Tool BY_SHELL = new Tool(ListenWay.PROC, SHELL, ProcNetOutput::parse);
    private static final Tool BY_CAT =
            new Tool(ListenWay.PROC, List.of("cat", "/proc/net/tcp", "/proc/net/tcp6"), ProcNetOutput::parse);
    private static final List<Tool> TOOLS = List.of(BY_SS, BY_SHELL, BY_CAT);

    /** How engines name networks that are others' too. */
    private static final Set<String> SHARED = Set.of("host", "container");

    private final DockerTransport transport;
    private final String containerId;
    private volatile boolean closed;
    private volatile @Nullable Tool tool;
    private volatile @Nullable String network;

    CommandListeners(DockerTransport transport, String containerId) {
        this.transport = transport;
        this.containerId = containerId;
    }

    @Override
    public @Nullable ListenWay way() {
        Tool known = tool;
        return known == null ? null : known.way();
    }

    @Override
    public boolean isLocal() {
        return false;
    }

    @Override
    public boolean hostNetwork() {
        return "host".equals(network);
    }

    @Override
    public List<ListenSocket> read() {
        if (closed) {
            throw new ContainerGoneException(containerId);
        }
        boolean shared = SHARED.contains(network());
        Tool known = tool;
        if (known != null) {
            List<ListenSocket> sockets = run(known, shared);
            if (sockets != null) {
                return sockets;
            }
        }
        for (Tool each : TOOLS) {
            List<ListenSocket> sockets = each.equals(known) ? null : run(each, shared);
            if (sockets != null) {
                tool = each;
                return sockets;
            }
        }
        tool = null;
        throw PortException.noWay("the container has no program that shows its sockets", null);
    }

    @Override
    public void close() {
        closed = true;
    }

    /** Null where the container does not have it, or it fails. */
    private @Nullable List<ListenSocket> run(Tool with, boolean shared) {
        CommandOutput output;
        try {
            output = DockerCommand.run(transport, containerId, with.command(), OUTPUT_BYTES_MAX);
        } catch (DockerTransport.StatusException e) {
            // Some engines answer so where there is no such program, others by what it would have written.
            return null;
        }
        // cat shows one file where a kernel without IPv6 does not have the other.
        boolean partly =
                with.equals(BY_CAT) && output.exitCode() == 1 && output.text().contains("local_address");
        if (output.exitCode() != 0 && !partly) {
            return null;
        }
        return with.parser().apply(output.text()).stream()
                .filter(socket -> !shared || socket.pid() != null)
                .filter(socket -> !socket.address().equals(ListenSocket.ENGINE_RESOLVER))
                .toList();
    }

    /** Whose network the container uses: {@code host}, {@code container} where it is another's, else a name. */
    private String network() {
        String known = network;
        if (known == null) {
            try {
                known = transport
                        .get("/containers/" + containerId + "/json")
                        .path("HostConfig")
                        .path("NetworkMode")
                        .asText()
                        .replaceFirst(":.*", "");
            } catch (DockerTransport.StatusException e) {
                if (e.status() == 404) {
                    throw new ContainerGoneException(containerId);
                }
                throw e;
            }
            network = known;
        }
        return known;
    }
}
