package io.spyhop.engine.namespace;

import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.PortException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sockets inside the network namespaces of this machine's containers. A socket belongs for ever to the namespace in
 * which it was made, so one platform thread enters, makes it, and comes back; whoever asked uses it on a thread of its own.
 * Thread-safe, and to be called from virtual threads too.
 *
 * <p>A thread that cannot come back makes no socket any more and ends; the next caller, which is where it always was, starts
 * another: a thread begins in the namespace of the one that starts it.
 */
public final class NetworkNamespaces {
    private static final Logger LOGGER = LoggerFactory.getLogger(NetworkNamespaces.class);
    private static final NetworkNamespaces THIS_MACHINE = new NetworkNamespaces(Path.of("/proc"));

    private final Path proc;
    private final boolean linux = "Linux".equals(System.getProperty("os.name"));
    private final ReentrantLock turn = new ReentrantLock();
    private @Nullable Visitor visitor;

    private NetworkNamespaces(Path proc) {
        this.proc = proc;
    }

    /** Those of this machine, which all engines share. */
    public static NetworkNamespaces ofThisMachine() {
        return THIS_MACHINE;
    }

    /**
     * A socket that is not connected, in the network namespace of a process. That it is the container's is proved by its
     * control group, whose name holds the container's id: a pid that was used again is not taken for it.
     *
     * @param pid of a process of the container, as this machine numbers it
     * @throws ContainerGoneException when the process has ended
     * @throws PortException {@code NO_WAY} when it is not a process of the container as far as can be seen from here, or its
     *     namespace may not be entered
     */
    public SocketChannel socket(String containerId, long pid) {
        return socket(containerId, pid, StandardProtocolFamily.INET);
    }

    /** A socket for addresses of that family; as {@link #socket(String, long)}. */
    SocketChannel socket(String containerId, long pid, StandardProtocolFamily family) {
        return made(containerId, pid, () -> SocketChannel.open(family));
    }

    /** A socket that tells of the listening sockets in the namespace; as {@link #socket}. To be closed: it keeps it alive. */
    DiagnosticSocket diagnosticSocket(String containerId, long pid) {
        return made(containerId, pid, () -> new DiagnosticSocket(KernelCalls.diagnosticSocket()));
    }

    private interface Making<T> {
        T make() throws IOException, KernelCalls.RefusedException;
    }

    private <T> T made(String containerId, long pid, Making<T> making) {
        if (!linux) {
            throw PortException.noWay("namespaces are Linux's", null);
        }
        CompletableFuture<T> socket = new CompletableFuture<>();
        turn.lock();
        try {
            Visitor present = visitor;
            if (present == null || present.lost) {
                present = new Visitor();
                present.start();
                visitor = present;
            }
            present.visits.add(new Visit<>(containerId, pid, making, socket));
            return socket.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case ContainerGoneException gone -> throw gone;
                case PortException failed -> throw failed;
                case null, default -> throw PortException.noWay("a socket cannot be made there", e);
            }
        } finally {
            turn.unlock();
        }
    }

    private record Visit<T>(String containerId, long pid, Making<T> making, CompletableFuture<T> socket) {}

    /** The thread that enters. What it runs must start no other thread. */
    private final class Visitor {
        private final LinkedBlockingQueue<Visit<?>> visits = new LinkedBlockingQueue<>();
        private volatile boolean lost;

        void start() {
            Thread.ofPlatform().name("namespace-visitor").daemon().start(this::run);
        }

        private void run() {
            int home = -1;
            while (!lost) {
                try {
                    Visit<?> visit = visits.take();
                    try {
                        if (home < 0) {
                            warmUp();
                            home = KernelCalls.open(
                                    proc.resolve("thread-self/ns/net").toString());
                        }
                        visit(visit, home);
                    } catch (KernelCalls.RefusedException | IOException | RuntimeException | LinkageError e) {
                        visit.socket().completeExceptionally(failure(visit, e));
                    }
                } catch (InterruptedException e) {
                    lost = true;
                }
            }
            if (home >= 0) {
                KernelCalls.close(home);
            }
        }

        /** What the first socket of a process sets up is set up at home. */
        private static void warmUp() throws IOException {
            SocketChannel.open(StandardProtocolFamily.INET).close();
        }

        private <T> void visit(Visit<T> visit, int home) throws KernelCalls.RefusedException, IOException {
            Path process = proc.resolve(Long.toString(visit.pid()));
            int namespace = KernelCalls.open(process.resolve("ns/net").toString());
            try {
                // Asked after the opening: the process that has the pid then had it before.
                if (!isOf(process, visit.containerId())) {
                    throw PortException.noWay("the process is not seen to be the container's", null);
                }
                KernelCalls.enter(namespace);
                T socket;
                try {
                    socket = visit.making().make();
                } finally {
                    comeBack(home);
                }
                visit.socket().complete(socket);
            } finally {
                KernelCalls.close(namespace);
            }
        }

        private void comeBack(int home) {
            try {
                KernelCalls.enter(home);
            } catch (KernelCalls.RefusedException | RuntimeException e) {
                lost = true;
                LOGGER.atError().setCause(e).log("A thread could not leave a network namespace, and ends.");
            }
        }
    }

    /** Whether a process, as its folder below {@code /proc} tells, is one of a container. */
    static boolean isOf(Path process, String containerId) throws IOException {
        return Files.readString(process.resolve("cgroup")).contains(containerId);
    }

    private static RuntimeException failure(Visit<?> visit, Throwable e) {
        return switch (e) {
            case PortException failed -> failed;
            case KernelCalls.RefusedException refused
            when refused.errno() == KernelCalls.ENOENT || refused.errno() == KernelCalls.ESRCH ->
                new ContainerGoneException(visit.containerId());
            case KernelCalls.RefusedException refused
            when refused.errno() == KernelCalls.EPERM || refused.errno() == KernelCalls.EACCES ->
                PortException.noWay("its network namespace may not be entered", refused);
            case NoSuchFileException _ -> new ContainerGoneException(visit.containerId());
            default -> PortException.noWay("a socket cannot be made there", e);
        };
    }
}
