package io.spyhop.engine.docker;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The files of one container's json-file log, read as one: the driver writes {@code <id>-json.log}, and when that is full
 * renames it to {@code .1}, {@code .1} to {@code .2} and so on. An open file stays readable under every name and after its
 * removal. Used by one thread.
 */
final class JsonFiles implements AutoCloseable {
    /** Below this a search in a file costs more than reading on. */
    private static final int SEARCH_BYTES_MIN = 64 * 1024;

    /** Holds the longest entry that the driver writes: 16 KiB, every byte escaped, and its labels. */
    private static final int PROBE_BYTES = 256 * 1024;

    private final Path newest;
    private @Nullable FileInputStream open;
    private @Nullable Object openKey;
    private boolean outlived;
    private boolean lost;

    private JsonFiles(Path newest) {
        this.newest = newest;
    }

    /** The files in a container's folder, which is named by its id; none is opened yet. */
    static JsonFiles of(Path folder) {
        return new JsonFiles(folder.resolve(folder.getFileName() + "-json.log"));
    }

    /** Whether a file is open. */
    boolean isOpen() {
        return open != null;
    }

    /** Opens the oldest file that may have entries of the time or later; false where there is no file yet. */
    boolean openAt(long sinceNanos) throws IOException {
        int oldest = 0;
        while (Files.exists(numbered(oldest + 1))) {
            oldest++;
        }
        for (int number = sinceNanos > 0 ? 0 : oldest; number <= oldest; number++) {
            if (!open(numbered(number))) {
                return false;
            }
            if (number == oldest || firstNanos() < sinceNanos) {
                break;
            }
        }
        if (sinceNanos > 0) {
            search(sinceNanos);
        }
        return true;
    }

    /** Reads on; -1 at the end of what is there. */
    int read(byte[] bytes, int offset, int length) throws IOException {
        return open == null ? -1 : open.read(bytes, offset, length);
    }

    /**
     * Goes on with the next file where the driver has begun one. To be called at the end of the present one, and again
     * until it is false: what the driver wrote before it renamed the file is read first.
     *
     * @return whether there may be more to read
     */
    boolean next() throws IOException {
        Object newestKey = key(newest);
        if (newestKey == null || newestKey.equals(openKey)) {
            return false;
        }
        if (!outlived) {
            outlived = true;
            return true;
        }
        outlived = false;
        return openSuccessor();
    }

    /** Whether a file was removed before it was read, since this was last asked. */
    boolean lost() {
        boolean was = lost;
        lost = false;
        return was;
    }

    /** How much the newest file holds; null where another one is open. */
    @Nullable
    Long size() throws IOException {
        return open == null || !Objects.equals(key(newest), openKey)
                ? null
                : Long.valueOf(open.getChannel().size());
    }

    /** How much of the open file was read. */
    long position() throws IOException {
        return open == null ? 0 : open.getChannel().position();
    }

    /** Begins the open file anew; the driver empties it where it keeps one file only. */
    boolean emptied() throws IOException {
        if (open == null || open.getChannel().size() >= open.getChannel().position()) {
            return false;
        }
        open.getChannel().position(0);
        lost = true;
        return true;
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
    }

    private boolean openSuccessor() throws IOException {
        for (int number = 1; ; number++) {
            Object key = key(numbered(number));
            if (key == null) {
                // Renamed beyond the last number: all that is there is newer.
                lost = true;
                for (int oldest = number - 1; oldest >= 0; oldest--) {
                    if (open(numbered(oldest))) {
                        return true;
                    }
                }
                return false;
            }
            if (key.equals(openKey)) {
                FileInputStream kept = open;
                open = null;
                if (open(numbered(number - 1)) && key.equals(key(numbered(number)))) {
                    close(kept);
                    return true;
                }
                // Renamed in this moment: look again.
                close(open);
                open = kept;
                openKey = key;
                number = 0;
            }
        }
    }

    private boolean open(Path path) throws IOException {
        try {
            while (true) {
                Object before = key(path);
                FileInputStream stream = new FileInputStream(path.toFile());
                if (before != null && before.equals(key(path))) {
                    close(open);
                    open = stream;
                    openKey = before;
                    return true;
                }
                stream.close();
            }
        } catch (FileNotFoundException e) {
            if (Files.exists(path)) {
                throw e;
            }
            return false;
        }
    }

    /** The time of the first entry; the latest one where there is none. */
    private long firstNanos() throws IOException {
        return entryNanos(0, new byte[PROBE_BYTES], new long[1]);
    }

    /** Places the open file at or before the first entry of the time; entries are in the order of time. */
    private void search(long sinceNanos) throws IOException {
        if (open == null) {
            return;
        }
        byte[] bytes = new byte[PROBE_BYTES];
        long[] begin = new long[1];
        long low = 0;
        long high = open.getChannel().size();
        while (high - low > SEARCH_BYTES_MIN) {
            long middle = low + (high - low) / 2;
            if (entryNanos(middle, bytes, begin) < sinceNanos && begin[0] < high) {
                low = begin[0];
            } else {
                high = middle;
            }
        }
        open.getChannel().position(low);
    }

    /** The time of the first entry that begins at or after a place, and where it begins. */
    private long entryNanos(long place, byte[] bytes, long[] begin) throws IOException {
        if (open == null) {
            return Long.MAX_VALUE;
        }
        open.getChannel().position(Math.max(0, place - 1));
        int length = Math.max(0, open.readNBytes(bytes, 0, bytes.length));
        int from = place == 0 ? 0 : LineJoiner.indexOfLineEnd(bytes, 0, length) + 1;
        int to = LineJoiner.indexOfLineEnd(bytes, from, length);
        open.getChannel().position(0);
        JsonFileEntry entry = new JsonFileEntry();
        begin[0] = Math.max(0, place - 1) + from;
        return to < length && entry.readTime(bytes, from, to) ? entry.atNanos() : Long.MAX_VALUE;
    }

    private Path numbered(int number) {
        return number == 0 ? newest : newest.resolveSibling(newest.getFileName() + "." + number);
    }

    /** What the file system knows a file by, whatever its name; null where there is none. */
    private static @Nullable Object key(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static void close(@Nullable FileInputStream stream) throws IOException {
        if (stream != null) {
            stream.close();
        }
    }
}
