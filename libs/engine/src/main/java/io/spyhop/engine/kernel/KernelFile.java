package io.spyhop.engine.kernel;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One of the kernel's files: kept open where descriptors may be kept, opened at each reading otherwise. */
final class KernelFile implements AutoCloseable {
    private final Path path;
    private final @Nullable FileChannel kept;

    private KernelFile(Path path, @Nullable FileChannel kept) {
        this.path = path;
        this.kept = kept;
    }

    /** The file; null where the kernel does not have it, or it may not be read. */
    static @Nullable KernelFile openIfPresent(Path path, boolean keep) {
        try {
            FileChannel channel = FileChannel.open(path);
            if (keep) {
                return new KernelFile(path, channel);
            }
            channel.close();
            return new KernelFile(path, null);
        } catch (IOException e) {
            return null;
        }
    }

    /** Reads it now. */
    void read(ScanBuffer into) throws IOException {
        if (kept != null) {
            into.fill(kept);
            return;
        }
        try (FileChannel channel = FileChannel.open(path)) {
            into.fill(channel);
        }
    }

    @Override
    public void close() {
        if (kept != null) {
            try {
                kept.close();
            } catch (IOException e) {
                // Nothing was written: there is nothing to lose.
            }
        }
    }
}
