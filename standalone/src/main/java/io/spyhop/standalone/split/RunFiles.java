package io.spyhop.standalone.split;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * {@code <data>/run/<name>.pid} for each process of the suite: for whoever wants to look at one or end it, and for the
 * next start after this process was killed, which leaves the others running.
 */
public final class RunFiles {
    private static final String SUFFIX = ".pid";
    private static final long END_SECONDS_MAX = 15;

    private final Path directory;
    private final Path data;

    private RunFiles(Path directory, Path data) {
        this.directory = directory;
        this.data = data;
    }

    /** The files of a data directory, which is made if need be. */
    public static RunFiles in(Path data) throws IOException {
        return new RunFiles(Files.createDirectories(data.resolve("run")), data);
    }

    /** What a process of this suite carries in its command line. */
    String mark() {
        return "-Dspyhop.data=" + data;
    }

    /** Whoever looks finds no file or a whole one: an empty one would pass for a process that does not run. */
    void write(String name, long pid) throws IOException {
        Path fresh = Files.writeString(directory.resolve(name + ".new"), pid + "\n");
        Files.move(fresh, directory.resolve(name + SUFFIX), StandardCopyOption.ATOMIC_MOVE);
    }

    /** A file that stays does no harm: whether the process is one of the suite is asked of the process. */
    void remove(String name) {
        var _ = directory.resolve(name + SUFFIX).toFile().delete();
    }

    /** Ends what a killed suite left running on this data directory, and nothing else: a number alone proves nothing. */
    public void endLeftovers() throws IOException {
        List<ProcessHandle> leftovers = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) {
                process(file).filter(this::isOurs).ifPresent(leftovers::add);
                Files.deleteIfExists(file);
            }
        }
        leftovers.forEach(ProcessHandle::destroy);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS_MAX);
        for (ProcessHandle leftover : leftovers) {
            try {
                leftover.onExit().get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (Exception e) {
                leftover.destroyForcibly();
                leftover.onExit().join();
            }
        }
    }

    private static Optional<ProcessHandle> process(Path file) throws IOException {
        String pid = Files.readString(file).strip();
        return pid.matches("[0-9]{1,10}") ? ProcessHandle.of(Long.parseLong(pid)) : Optional.empty();
    }

    private boolean isOurs(ProcessHandle process) {
        try {
            String command = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
            return List.of(command.split("\0", -1)).contains(mark());
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
