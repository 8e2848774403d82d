package io.spyhop.engine.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a process's control groups are. Each controller is of version 1, where it has a hierarchy of its own, or of version
 * 2. Immutable.
 *
 * @param lines of {@code /proc/<pid>/cgroup}, only those that name the container
 */
record Cgroups(List<Line> lines, List<Mount> mounts, String containerId) {
    /** {@code 4:memory:/docker/<id>}; version 2 names no controller. */
    record Line(List<String> controllers, String path) {}

    /** A mounted hierarchy, or a part of it. */
    record Mount(boolean unified, List<String> options, String root, Path point) {}

    /** A controller's folder. */
    record Folder(Path path, boolean unified) {}

    /** The groups of a process; null where it is none of the container. */
    static @Nullable Cgroups of(Path proc, long pid, String containerId) throws IOException {
        List<Line> lines = new ArrayList<>();
        for (String text : Files.readAllLines(proc.resolve(Long.toString(pid)).resolve("cgroup"))) {
            String[] parts = text.split(":", 3);
            if (parts.length == 3 && parts[2].contains(containerId)) {
                lines.add(new Line(Arrays.asList(parts[1].split(",", -1)), own(parts[2], containerId)));
            }
        }
        return lines.isEmpty() ? null : new Cgroups(lines, mounts(proc), containerId);
    }

    /** A container may have groups within its own, and its first process be in one of them. */
    private static String own(String path, String containerId) {
        int end = path.indexOf('/', path.indexOf(containerId));
        return end < 0 ? path : path.substring(0, end);
    }

    private static List<Mount> mounts(Path proc) throws IOException {
        List<Mount> mounts = new ArrayList<>();
        for (String text : Files.readAllLines(proc.resolve("self/mountinfo"))) {
            int dash = text.indexOf(" - ");
            String[] front = dash < 0 ? new String[0] : text.substring(0, dash).split(" ", -1);
            String[] back = dash < 0 ? new String[0] : text.substring(dash + 3).split(" ", -1);
            if (front.length >= 5 && back.length >= 3 && (back[0].equals("cgroup") || back[0].equals("cgroup2"))) {
                mounts.add(new Mount(
                        back[0].equals("cgroup2"),
                        Arrays.asList(back[2].split(",", -1)),
                        unescaped(front[3]),
                        Path.of(unescaped(front[4]))));
            }
        }
        return mounts;
    }

    /** Blanks and the like stand as octal numbers in that file. */
    private static String unescaped(String text) {
        return text.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
    }

    /** The container's folder of a controller; null where it has none that is mounted here. */
    @Nullable
    Folder folder(String controller) {
        for (Line line : lines) {
            if (line.controllers().contains(controller)) {
                return folder(line, false, controller);
            }
        }
        for (Line line : lines) {
            if (line.controllers().contains("")) {
                return folder(line, true, controller);
            }
        }
        return null;
    }

    private @Nullable Folder folder(Line line, boolean unified, String controller) {
        for (Mount mount : mounts) {
            if (mount.unified() != unified || (!unified && !mount.options().contains(controller))) {
                continue;
            }
            for (String path : candidates(line.path(), mount.root())) {
                Path folder = mount.point().resolve(path);
                if (Files.isDirectory(folder)) {
                    return new Folder(folder, unified);
                }
            }
        }
        return null;
    }

    /**
     * Where in a mount the group may be. In a cgroup namespace of one's own others' paths begin above it, and the names in
     * between are not told; those that engines use are tried.
     */
    private List<String> candidates(String path, String root) {
        if (path.startsWith("/..")) {
            return List.of("docker/" + containerId, "system.slice/docker-" + containerId + ".scope");
        }
        if (root.equals("/")) {
            return List.of(path.substring(1));
        }
        return path.startsWith(root + "/") ? List.of(path.substring(root.length() + 1)) : List.of();
    }
}
