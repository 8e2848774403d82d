package io.spyhop.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what a server prints into a file and its one predecessor, so that it can never fill the disk. Ends by itself
 * with the server.
 */
final class ServerLog {
    private static final Logger LOGGER = LoggerFactory.getLogger(ServerLog.class);

    /** Large enough for every message of a bad day, small enough to be read in an editor. */
    private static final long FILE_BYTES_MAX = 4L * 1024 * 1024;

    private static final int BUFFER_BYTES = 8192;
    private static final int TAIL_BYTES_MAX = 2048;

    private final Path file;
    private final byte[] tail = new byte[TAIL_BYTES_MAX];
    private int tailLength;
    private final Thread thread;

    private ServerLog(Path file, InputStream output) {
        this.file = file;
        // A blocking read of a pipe for the server's whole life: on a virtual thread it would hold a carrier.
        this.thread = Thread.ofPlatform().daemon().name("embedded-postgres-log").unstarted(() -> carry(output));
    }

    static ServerLog carrying(InputStream output, Path file) {
        ServerLog log = new ServerLog(file, output);
        log.thread.start();
        return log;
    }

    /** The last lines that the server printed, after it has ended. */
    String tail() throws InterruptedException {
        thread.join();
        return new String(tail, 0, tailLength, StandardCharsets.UTF_8).strip();
    }

    private void carry(InputStream output) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (output) {
            for (int length = output.read(buffer); length >= 0; length = output.read(buffer)) {
                remember(buffer, length);
                append(buffer, length);
            }
        } catch (IOException e) {
            LOGGER.atDebug().setCause(e).log("The database server's output ended.");
        }
    }

    private void append(byte[] buffer, int length) {
        try {
            if (Files.exists(file) && Files.size(file) + length > FILE_BYTES_MAX) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            boolean fresh = !Files.exists(file);
            try (OutputStream stream =
                    Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                if (fresh) {
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
                }
                stream.write(buffer, 0, length);
            }
        } catch (IOException e) {
            // A full disk must not stop the reading: the server would block on its next message.
            LOGGER.atDebug().setCause(e).log("Could not write the database server's log.");
        }
    }

    private void remember(byte[] buffer, int length) {
        byte[] joined = Arrays.copyOf(tail, tailLength + length);
        System.arraycopy(buffer, 0, joined, tailLength, length);
        tailLength = Math.min(joined.length, TAIL_BYTES_MAX);
        System.arraycopy(joined, joined.length - tailLength, tail, 0, tailLength);
    }
}
