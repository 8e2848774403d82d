package io.spyhop.engine.kernel;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The processes of a container of this machine, by its control group and those within. Immutable. */
public final class ContainerProcesses {
    /** Any hierarchy tells them; not each is mounted everywhere. */
    private static final List<String> CONTROLLERS = List.of("pids", "memory", "cpuacct", "cpu", "devices", "freezer");

    /** Groups within a container's group: deeper is nobody's. */
    private static final int DEPTH_MAX = 8;

    private final Path group;

    private ContainerProcesses(Path group) {
        this.group = group;
    }

    /**
     * Those of the container whose process this is.
     *
     * @return null where the process is none of the container, or its groups cannot be read from here
     */
    public static @Nullable ContainerProcesses of(Path proc, String containerId, long pid) throws IOException {
        Cgroups groups = Cgroups.of(proc, pid, containerId);
        if (groups == null) {
            return null;
        }
        for (String controller : CONTROLLERS) {
            Cgroups.Folder folder = groups.folder(controller);
            if (folder != null) {
                return new ContainerProcesses(folder.path());
            }
        }
        return null;
    }

    /**
     * Their pids, as this machine numbers them, ascending.
     *
     * @throws IOException when the container's group is gone
     */
    public List<Long> pids() throws IOException {
        List<Long> pids = new ArrayList<>();
        add(group, DEPTH_MAX, pids);
        Collections.sort(pids);
        return pids;
    }

    private static void add(Path folder, int depth, List<Long> pids) throws IOException {
        for (String line : Files.readAllLines(folder.resolve("cgroup.procs"))) {
            pids.add(Long.valueOf(line));
        }
        if (depth == 0) {
            return;
        }
        try (DirectoryStream<Path> within = Files.newDirectoryStream(folder, Files::isDirectory)) {
            for (Path each : within) {
                try {
                    add(each, depth - 1, pids);
                } catch (NoSuchFileException e) {
                    // It has just been removed.
                }
            }
        }
    }
}
