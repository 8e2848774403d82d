package io.spyhop.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Holds a directory for one process. The kernel lets go of it when the process ends, however it ends, so there is
 * no stale lock to remove.
 */
final class DirectoryLock implements AutoCloseable {
    private static final int OWNER_LENGTH_MAX = 20;

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    static DirectoryLock take(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(
                directory.resolve("lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = tryLock(channel);
            if (lock == null) {
                throw new EmbeddedException(directory + " is in use by a running process (" + owner(directory)
                        + "); stop that one first, or choose another directory.");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
                    0);
            return new DirectoryLock(channel);
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // This very process holds it.
            return null;
        }
    }

    private static String owner(Path directory) throws IOException {
        String pid = Files.readString(directory.resolve("lock"), StandardCharsets.US_ASCII)
                .strip();
        return pid.isEmpty() || pid.length() > OWNER_LENGTH_MAX ? "unknown" : pid;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
