package io.spyhop.engine.docker;

import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * One open file of a json-file log, plain or compressed. It stays readable under every name and after its removal. What it
 * is known by is its identity in the file system, and, as compressing makes another file of it, how it begins: entries
 * carry a time in nanoseconds. Used by one thread.
 */
final class JsonFile implements AutoCloseable {
    /** Below this a search in a file costs more than reading on. */
    private static final int SEARCH_BYTES_MIN = 64 * 1024;

    /** Holds the longest entry that the driver writes: 16 KiB, every byte escaped, and its labels. */
    private static final int PROBE_BYTES = 256 * 1024;

    /** A file is renamed some times a second at most; each look takes some microseconds. */
    private static final int OPEN_TRIES = 100;

    private static final int PROBE_BYTES_MIN = 4 * 1024;

    /** The end of a first entry that tells it from every other one: its time. */
    private static final int MARK_BYTES = 48;

    private static final int INFLATE_BYTES = 64 * 1024;

    /** The length of what was compressed stands last, in so many bytes. */
    private static final int LENGTH_BYTES = 4;

    private final FileInputStream file;
    private final Object key;
    private @Nullable InputStream inflated;
    private final boolean compressed;
    private long position;

    // What stands at the end of the first entry, and where.
    private byte @Nullable [] mark;
    private int markAt;

    private JsonFile(FileInputStream file, Object key, boolean compressed) {
        this.file = file;
        this.key = key;
        this.compressed = compressed;
    }

    /** Opens a file that is not compressed; null where there is none. */
    static @Nullable JsonFile plain(Path path) throws IOException {
        return open(path, false);
    }

    /** Opens a file that is compressed and complete; null where there is none. */
    static @Nullable JsonFile compressed(Path path) throws IOException {
        return open(path, true);
    }

    private static @Nullable JsonFile open(Path path, boolean compressed) throws IOException {
        FileNotFoundException last = null;
        for (int tries = 0; tries < OPEN_TRIES; tries++) {
            Object before = key(path);
            if (before == null) {
                return null;
            }
            try {
                FileInputStream stream = new FileInputStream(path.toFile());
                if (before.equals(key(path))) {
                    return new JsonFile(stream, before, compressed);
                }
                stream.close();
            } catch (FileNotFoundException e) {
                // Renamed just now, it is there again soon, or not at all.
                if (isDenied(path)) {
                    throw e;
                }
                last = e;
            }
        }
        // That is also what the kernel says where no more files may be open.
        throw last != null ? last : new IOException("a log's file is renamed again and again");
    }

    /** By one question: a file that is renamed between two is there for the one and cannot be read for the other. */
    private static boolean isDenied(Path path) throws IOException {
        try {
            path.getFileSystem().provider().checkAccess(path, AccessMode.READ);
            return false;
        } catch (AccessDeniedException e) {
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** What the file system knows a file by, whatever its name; null where there is none. */
    static @Nullable Object key(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** What the file system knows this file by. */
    Object key() {
        return key;
    }

    /** How much of it was read, without compression. */
    long position() {
        return position;
    }

    /** How much it holds, without compression. */
    long size() throws IOException {
        FileChannel channel = file.getChannel();
        if (!compressed) {
            return channel.size();
        }
        ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        channel.read(length, Math.max(0, channel.size() - LENGTH_BYTES));
        return length.hasRemaining() ? 0 : Integer.toUnsignedLong(length.getInt(0));
    }

    /**
     * Reads on; -1 at the end of what is there.
     *
     * @throws ZipException when what is left cannot be decompressed
     */
    int read(byte[] bytes, int offset, int length) throws IOException {
        if (compressed) {
            try {
                int read = inflated().read(bytes, offset, length);
                position += Math.max(0, read);
                return read;
            } catch (EOFException e) {
                throw (ZipException) new ZipException("a compressed file ends too early").initCause(e);
            }
        }
        // How it begins is kept before the reading or taken from what is read: it may be emptied at any time.
        if (position > 0) {
            remember();
        }
        int read = file.read(bytes, offset, length);
        if (mark == null && position == 0 && read > 0) {
            keepMark(bytes, offset, offset + read);
        }
        position += Math.max(0, read);
        return read;
    }

    /** Goes on from a place. */
    void seek(long place) throws IOException {
        if (!compressed) {
            file.getChannel().position(place);
        } else {
            file.getChannel().position(0);
            inflated = null;
            inflated().skipNBytes(place);
        }
        position = place;
    }

    /** Goes on from the first entry that begins at or after a place. */
    void seekEntry(long place) throws IOException {
        long[] begin = new long[1];
        entryNanos(place, new byte[PROBE_BYTES], begin);
        seek(begin[0]);
    }

    /** The time of the first entry; the latest one where there is none. Reading begins anew. */
    long firstNanos() throws IOException {
        try {
            return entryNanos(0, new byte[PROBE_BYTES], new long[1]);
        } catch (EOFException | ZipException e) {
            // Damaged: whoever reads it is told.
            return Long.MAX_VALUE;
        } finally {
            inflated = null;
            file.getChannel().position(0);
            position = 0;
        }
    }

    /** Goes on from an entry before the first one of the time; entries are in the order of time. */
    void search(long sinceNanos) throws IOException {
        if (compressed) {
            return;
        }
        byte[] bytes = new byte[PROBE_BYTES];
        long[] begin = new long[1];
        long low = 0;
        long high = size();
        while (high - low > SEARCH_BYTES_MIN) {
            long middle = low + (high - low) / 2;
            if (entryNanos(middle, bytes, begin) < sinceNanos && begin[0] < high) {
                low = begin[0];
            } else {
                high = middle;
            }
        }
        seek(low);
    }

    /** Whether both are the same file, or one is made of the other by compressing. */
    boolean isSame(JsonFile other) throws IOException {
        return key.equals(other.key) || (compressed != other.compressed && hasMarkOf(other));
    }

    private boolean hasMarkOf(JsonFile other) throws IOException {
        if (!remember() || !other.remember()) {
            return false;
        }
        return markAt == other.markAt && Arrays.equals(mark, other.mark);
    }

    /** Keeps how the file begins; false where it has no whole entry. */
    private boolean remember() throws IOException {
        for (int size = PROBE_BYTES_MIN; mark == null && size <= PROBE_BYTES; size *= 4) {
            byte[] bytes = new byte[size];
            int length = begin(bytes);
            keepMark(bytes, 0, length);
            if (length < size) {
                break;
            }
        }
        return mark != null;
    }

    private void keepMark(byte[] bytes, int begin, int end) {
        int lineEnd = LineJoiner.indexOfLineEnd(bytes, begin, end);
        if (lineEnd < end) {
            int from = Math.max(begin, lineEnd - MARK_BYTES);
            markAt = from - begin;
            mark = Arrays.copyOfRange(bytes, from, lineEnd);
        }
    }

    /** Whether it was emptied, and perhaps written anew, after a part of it was read. */
    boolean emptied() throws IOException {
        return !compressed && (size() < position || !beginsAsBefore());
    }

    /** Whether it begins as it did when that was kept; it does not once it was emptied and written anew. */
    boolean beginsAsBefore() throws IOException {
        byte[] kept = mark;
        if (kept == null || compressed) {
            return true;
        }
        ByteBuffer now = ByteBuffer.allocate(kept.length);
        return file.getChannel().read(now, markAt) == kept.length && Arrays.equals(now.array(), kept);
    }

    /** Begins anew, after it was emptied. */
    void restart() throws IOException {
        mark = null;
        seek(0);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private int begin(byte[] bytes) throws IOException {
        if (compressed) {
            long before = position;
            try {
                seek(0);
                int length = inflated().readNBytes(bytes, 0, bytes.length);
                seek(before);
                return length;
            } catch (EOFException | ZipException e) {
                return 0;
            }
        }
        return Math.max(0, file.getChannel().read(ByteBuffer.wrap(bytes), 0));
    }

    /** The time of the first entry that begins at or after a place, and where it begins. */
    private long entryNanos(long place, byte[] bytes, long[] begin) throws IOException {
        seek(Math.max(0, place - 1));
        int length = Math.max(0, (compressed ? inflated() : file).readNBytes(bytes, 0, bytes.length));
        int from = place == 0 ? 0 : LineJoiner.indexOfLineEnd(bytes, 0, length) + 1;
        int to = LineJoiner.indexOfLineEnd(bytes, from, length);
        JsonFileEntry entry = new JsonFileEntry();
        begin[0] = Math.max(0, place - 1) + from;
        return to < length && entry.readTime(bytes, from, to) ? entry.atNanos() : Long.MAX_VALUE;
    }

    private InputStream inflated() throws IOException {
        InputStream stream = inflated;
        if (stream == null) {
            stream = new GZIPInputStream(file, INFLATE_BYTES);
            inflated = stream;
        }
        return stream;
    }
}
