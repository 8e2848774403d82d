package io.spyhop.engine.namespace;

import io.spyhop.engine.kernel.ContainerProcesses;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which processes of a container hold which sockets, by their descriptors in {@code /proc}. Looking at them costs as much as
 * there are descriptors, so it is done for sockets that are new, and pauses as long as it needs to take a twentieth of a
 * processor at most. Not thread-safe.
 */
final class SocketOwners {
    /** A socket that was looked for so often and found with nobody is not the container's. */
    private static final int LOOKS_MAX = 3;

    private static final int PAUSE_FACTOR = 19;
    private static final String SOCKET = "socket:[";

    private final Path proc;
    private final ContainerProcesses processes;
    private final Map<Long, Owner> owners = new HashMap<>();
    private final Map<Long, Integer> looks = new HashMap<>();
    private long nextNanos = System.nanoTime();
    private boolean blind;

    /**
     * Who holds a socket.
     *
     * @param pid as this machine numbers it
     * @param pidInside as the container does
     */
    record Owner(String process, long pid, long pidInside) {}

    SocketOwners(Path proc, ContainerProcesses processes) {
        this.proc = proc;
        this.processes = processes;
    }

    /** Who holds a socket; null where none of the container's processes was seen to. */
    @Nullable
    Owner owner(long inode) {
        return owners.get(inode);
    }

    /** Whether some process of the container may not be looked at: what nobody is seen to hold may be its. */
    boolean blind() {
        return blind;
    }

    /**
     * Looks for those of these sockets whose owner is not known.
     *
     * @param again once more also for those that were nobody's so far
     * @return whether all that can be known of them is; else it is to be tried again
     */
    boolean resolve(Set<Long> inodes, boolean again) throws IOException {
        owners.keySet().retainAll(inodes);
        looks.keySet().retainAll(inodes);
        owners.values().removeIf(owner -> !Files.exists(process(owner.pid())));
        if (again) {
            looks.replaceAll((inode, times) -> Math.min(times, LOOKS_MAX - 1));
        }
        Set<Long> wanted = new HashSet<>(inodes);
        wanted.removeAll(owners.keySet());
        wanted.removeIf(inode -> looks.getOrDefault(inode, 0) >= LOOKS_MAX);
        if (wanted.isEmpty()) {
            return true;
        }
        long begin = System.nanoTime();
        if (begin - nextNanos < 0) {
            return false;
        }
        look(wanted);
        wanted.forEach(inode -> looks.merge(inode, 1, Integer::sum));
        long end = System.nanoTime();
        nextNanos = end + PAUSE_FACTOR * (end - begin);
        return wanted.isEmpty();
    }

    /** Removes what it finds. */
    private void look(Set<Long> wanted) throws IOException {
        blind = false;
        for (long pid : processes.pids()) {
            if (wanted.isEmpty()) {
                return;
            }
            Set<Long> held = held(pid, wanted);
            if (!held.isEmpty()) {
                Owner owner = ownerOf(pid);
                if (owner != null) {
                    held.forEach(inode -> owners.put(inode, owner));
                    wanted.removeAll(held);
                }
            }
        }
    }

    private Set<Long> held(long pid, Set<Long> wanted) {
        Set<Long> held = new HashSet<>();
        try (DirectoryStream<Path> descriptors =
                Files.newDirectoryStream(process(pid).resolve("fd"))) {
            for (Path descriptor : descriptors) {
                Long inode = inode(descriptor);
                if (inode != null && wanted.contains(inode)) {
                    held.add(inode);
                    if (held.size() == wanted.size()) {
                        break;
                    }
                }
            }
        } catch (AccessDeniedException e) {
            blind = true;
        } catch (IOException e) {
            // It has ended meanwhile.
        }
        return held;
    }

    private static @Nullable Long inode(Path descriptor) throws IOException {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith(SOCKET) && target.endsWith("]")
                    ? Long.valueOf(target.substring(SOCKET.length(), target.length() - 1))
                    : null;
        } catch (NoSuchFileException e) {
            // It was closed meanwhile.
            return null;
        }
    }

    private @Nullable Owner ownerOf(long pid) {
        try {
            // A name may be of any bytes.
            String name = new String(Files.readAllBytes(process(pid).resolve("comm")), StandardCharsets.UTF_8).strip();
            return new Owner(name, pid, inside(pid));
        } catch (IOException e) {
            return null;
        }
    }

    /** The last of its pids: each namespace of processes numbers it anew, and the innermost is the container's. */
    private long inside(long pid) throws IOException {
        // Not by lines of text: the name that stands there may be of any bytes.
        String status = Files.readString(process(pid).resolve("status"), StandardCharsets.ISO_8859_1);
        List<String> pids = status.lines()
                .filter(line -> line.startsWith("NSpid:"))
                .flatMap(line -> List.of(line.split("\t", -1)).stream())
                .toList();
        return pids.isEmpty() ? pid : Long.parseLong(pids.getLast());
    }

    private Path process(long pid) {
        return proc.resolve(Long.toString(pid));
    }
}
