package io.spyhop.engine.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.spyhop.engine.kernel.ContainerProcesses;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Processes of a container of this machine that have a variable in their environment. */
final class MarkedProcesses {
    private static final Path PROC = Path.of("/proc");

    private MarkedProcesses() {}

    /**
     * Those with the variable; handles know when their process began, and never signal another one that has its number later.
     *
     * @param pid of the container's first process, as its engine numbers it
     * @param mark {@code NAME=value}
     * @return null where the container's processes cannot be seen from here
     */
    static @Nullable List<ProcessHandle> of(String containerId, long pid, String mark) {
        List<ProcessHandle> marked = new ArrayList<>();
        try {
            // The engine may be in another pid namespace than this process is.
            ContainerProcesses processes = ContainerProcesses.of(PROC, containerId, pid);
            if (processes == null) {
                return null;
            }
            for (long each : processes.pids()) {
                // The handle first: what is read afterwards is of the same process, or of none that it would signal.
                Optional<ProcessHandle> handle = ProcessHandle.of(each);
                if (handle.isPresent() && hasMark(each, mark)) {
                    marked.add(handle.get());
                }
            }
        } catch (IOException e) {
            return null;
        }
        return marked;
    }

    private static boolean hasMark(long pid, String mark) throws IOException {
        try {
            byte[] environment =
                    Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve("environ"));
            return Arrays.asList(new String(environment, ISO_8859_1).split("\0", -1))
                    .contains(mark);
        } catch (AccessDeniedException e) {
            throw e;
        } catch (IOException e) {
            // It has just ended.
            return false;
        }
    }
}
