package io.spyhop.engine.docker;

import io.spyhop.engine.LogGap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The files of one container's json-file log, read as one: the driver writes {@code <id>-json.log}, and when that is full
 * renames it to {@code .1}, {@code .1} to {@code .2} and so on, the highest number first. Told to compress, it makes
 * {@code .1.gz} of {@code .1} afterwards, in place, and removes {@code .1} when that is complete; told to keep one file, it
 * empties that. Used by one thread.
 */
final class JsonFiles implements AutoCloseable {
    /** Files in the middle of being renamed are there again within milliseconds; what stays away was removed. */
    private static final long RENAMING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int SUCCESSOR_TRIES = 2;

    /**
     * While the driver renames files one number is without a file, and one more where it is about to compress. Who looks
     * at one number after the other meets another hole each time that all are renamed meanwhile.
     */
    private static final int HOLE_MAX = 8;

    private final Path newest;
    private @Nullable JsonFile open;
    private boolean outlived;
    private LogGap.@Nullable Reason lost;
    private long leftOutFrom;
    private long leftOutBytes;
    private long unsettledSince;

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

    /**
     * Opens the oldest file that may have entries of the time or later; false where there is no file yet.
     *
     * @param backfillBytes where no time is given: how much to read at most, the newest part; 0 for all
     */
    boolean openAt(long sinceNanos, long backfillBytes) throws IOException {
        if (sinceNanos <= 0) {
            return openOldest(backfillBytes);
        }
        int missing = 0;
        for (int number = 0; missing < HOLE_MAX; number++) {
            JsonFile file = numbered(number);
            if (file == null) {
                missing++;
                continue;
            }
            missing = 0;
            use(file);
            if (file.firstNanos() < sinceNanos) {
                break;
            }
        }
        JsonFile file = open;
        if (file == null) {
            return false;
        }
        file.search(sinceNanos);
        return true;
    }

    private boolean openOldest(long backfillBytes) throws IOException {
        List<JsonFile> files = new ArrayList<>();
        int missing = 0;
        for (int number = 0; missing < HOLE_MAX; number++) {
            JsonFile file = numbered(number);
            missing = file == null ? missing + 1 : 0;
            // Renamed while they are counted, one may be met twice.
            if (file != null && !files.isEmpty() && file.isSame(files.getLast())) {
                file.close();
            } else if (file != null) {
                files.add(file);
            }
        }
        if (files.isEmpty()) {
            return false;
        }
        long oldest = files.getLast().firstNanos();
        long total = 0;
        for (JsonFile file : files) {
            total += file.size();
        }
        leftOutBytes = backfillBytes > 0 ? Math.max(0, total - backfillBytes) : 0;
        long skip = leftOutBytes;
        while (files.size() > 1 && skip >= files.getLast().size()) {
            skip -= files.getLast().size();
            files.removeLast().close();
        }
        JsonFile first = files.removeLast();
        for (JsonFile file : files) {
            file.close();
        }
        use(first);
        if (leftOutBytes > 0) {
            leftOutFrom = oldest == Long.MAX_VALUE ? 0 : oldest;
            first.seekEntry(skip);
        }
        return true;
    }

    /** What was left out at the opening, once. */
    @Nullable
    LogGap leftOut() {
        LogGap gap = leftOutBytes == 0 ? null : new LogGap(LogGap.Reason.BACKFILL, leftOutFrom, leftOutBytes, 0);
        leftOutBytes = 0;
        return gap;
    }

    /** Reads on; -1 at the end of what is there. */
    int read(byte[] bytes, int offset, int length) throws IOException {
        JsonFile file = open;
        if (file == null) {
            return -1;
        }
        try {
            int read = file.read(bytes, offset, length);
            // Emptied and written anew beyond this place, it is another text. What was kept does not stand there then.
            return read > 0 && !file.beginsAsBefore() ? -1 : read;
        } catch (ZipException e) {
            lost = LogGap.Reason.BROKEN;
            return -1;
        }
    }

    /**
     * Goes on with the next file where the driver has begun one. To be called at the end of the present one, and again
     * until it is false: what the driver wrote before it renamed the file is read first.
     *
     * @return whether there may be more to read
     */
    boolean next() throws IOException {
        JsonFile file = open;
        Object newestKey = JsonFile.key(newest);
        if (newestKey == null || file == null || newestKey.equals(file.key())) {
            return false;
        }
        if (!outlived) {
            outlived = true;
            return true;
        }
        boolean opened = false;
        // More than once: where files were being renamed, they are not any more as a rule.
        for (int tries = 0; !opened && tries < SUCCESSOR_TRIES; tries++) {
            opened = openSuccessor(file);
        }
        if (opened) {
            outlived = false;
            unsettledSince = 0;
        }
        return opened;
    }

    /** Why entries were removed before they were read, if any were since this was last asked. */
    LogGap.@Nullable Reason lost() {
        LogGap.Reason was = lost;
        lost = null;
        return was;
    }

    /** How much the newest file holds; null where another one is open. */
    @Nullable
    Long size() throws IOException {
        JsonFile file = open;
        return file == null || !file.key().equals(JsonFile.key(newest)) ? null : Long.valueOf(file.size());
    }

    /** How much of the open file was read. */
    long position() {
        JsonFile file = open;
        return file == null ? 0 : file.position();
    }

    /** Begins the open file anew where it was emptied; the driver does that where it keeps one file only. */
    boolean emptied() throws IOException {
        JsonFile file = open;
        if (file == null || !file.emptied()) {
            return false;
        }
        file.restart();
        lost = LogGap.Reason.EMPTIED;
        return true;
    }

    @Override
    public void close() throws IOException {
        JsonFile file = open;
        if (file != null) {
            file.close();
            open = null;
        }
    }

    private boolean openSuccessor(JsonFile read) throws IOException {
        int missing = 0;
        for (int number = 1; missing < HOLE_MAX; number++) {
            JsonFile file = numbered(number);
            boolean found = file != null && file.isSame(read);
            missing = file == null ? missing + 1 : 0;
            if (file != null) {
                file.close();
            }
            if (found) {
                JsonFile successor = numbered(number - 1);
                if (successor != null && isAt(read, number)) {
                    use(successor);
                    return true;
                }
                // Renamed in this moment.
                if (successor != null) {
                    successor.close();
                }
                return settled() && openOldestLeft(read, number - 1);
            }
        }
        // Renamed beyond the last number: all that is there is newer.
        return openOldestLeft(read, HOLE_MAX + highest());
    }

    /** Whether files are missing for so long that nobody is about to rename them. */
    private boolean settled() {
        long now = System.nanoTime();
        if (unsettledSince == 0) {
            unsettledSince = now;
        }
        return now - unsettledSince > RENAMING_NANOS;
    }

    private int highest() throws IOException {
        int highest = 0;
        for (int number = 1; number - highest <= HOLE_MAX; number++) {
            if (Files.exists(path(number)) || Files.exists(compressed(number))) {
                highest = number;
            }
        }
        return highest;
    }

    private boolean openOldestLeft(JsonFile read, int from) throws IOException {
        for (int number = from; number >= 0; number--) {
            JsonFile file = numbered(number);
            if (file == null) {
                continue;
            }
            if (file.isSame(read)) {
                // It was renamed while it was looked for: nothing is lost.
                file.close();
                return false;
            }
            lost = LogGap.Reason.ROTATED;
            use(file);
            return true;
        }
        return false;
    }

    private boolean isAt(JsonFile read, int number) throws IOException {
        try (JsonFile file = numbered(number)) {
            return file != null && file.isSame(read);
        }
    }

    /** Opens the file of a number, compressed or not; null where there is none that is complete. */
    private @Nullable JsonFile numbered(int number) throws IOException {
        JsonFile plain = JsonFile.plain(path(number));
        if (plain != null || number == 0) {
            return plain;
        }
        JsonFile compressed = JsonFile.compressed(compressed(number));
        if (compressed == null) {
            return null;
        }
        // It is being written for as long as the plain one is there.
        plain = JsonFile.plain(path(number));
        if (plain != null) {
            compressed.close();
            return plain;
        }
        return compressed;
    }

    private void use(JsonFile file) throws IOException {
        JsonFile former = open;
        open = file;
        if (former != null && former != file) {
            former.close();
        }
    }

    private Path path(int number) {
        return number == 0 ? newest : newest.resolveSibling(newest.getFileName() + "." + number);
    }

    private Path compressed(int number) {
        return newest.resolveSibling(newest.getFileName() + "." + number + ".gz");
    }
}
