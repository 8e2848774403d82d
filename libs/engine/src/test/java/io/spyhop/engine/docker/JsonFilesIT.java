package io.spyhop.engine.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.engine.LogGap;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are written, renamed, compressed and emptied as Docker's driver does it, without an engine. */
class JsonFilesIT {
    private static final int FILES = 4;
    private static final long FIRST = Instant.parse("2026-11-22T03:04:05Z").getEpochSecond() * 1_000_000_000L;

    @TempDir
    Path folder;

    private JsonFiles files;
    private int written;

    @BeforeEach
    void begin() {
        files = JsonFiles.of(folder);
    }

    @AfterEach
    void close() throws IOException {
        files.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReadFromTheOldestFileWhateverIsCompressed(boolean compress) throws IOException {
        // Given
        writeFiles(FILES, 50, compress);
        // When
        files.openAt(0, 0);
        // Then
        assertThat(readAll()).isEqualTo(numbers(1, 50 * FILES));
        assertThat(files.lost()).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeginNoLaterThanItIsTold(boolean compress) throws IOException {
        // Given
        writeFiles(FILES, 50, compress);
        for (int number = 1; number <= 50 * FILES; number += 7) {
            // When
            files.close();
            files = JsonFiles.of(folder);
            files.openAt(at(number), 0);
            List<Integer> read = readAll();
            // Then: at most the file before is read for nothing.
            assertThat(read).endsWith(numbers(number, 50 * FILES).toArray(Integer[]::new));
            assertThat(read.getFirst()).isGreaterThanOrEqualTo(number - 100);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReadTheNewestPartAloneWhenABackfillIsGiven(boolean compress) throws IOException {
        // Given
        writeFiles(FILES, 50, compress);
        int entry = entry(1).length;
        // When: not at an entry's begin
        files.openAt(0, 120L * entry + entry / 2);
        LogGap gap = files.leftOut();
        // Then
        assertThat(readAll()).isEqualTo(numbers(81, 200));
        assertThat(gap).isEqualTo(new LogGap(LogGap.Reason.BACKFILL, at(1), 79L * entry + (entry - entry / 2), 0));
        assertThat(files.leftOut()).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGoOnWithTheNextFileWhenItsOwnIsRotatedAndCompressed(boolean compress) throws IOException {
        // Given
        write(10);
        files.openAt(0, 0);
        assertThat(readAll()).hasSize(10);
        // When: written after the last reading, then rotated twice
        write(10);
        rotate(compress);
        write(10);
        rotate(compress);
        write(10);
        // Then
        assertThat(readAll()).isEqualTo(numbers(11, 40));
        assertThat(files.lost()).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTellThatFilesWereLostAndReadWhatIsLeft(boolean compress) throws IOException {
        // Given
        write(10);
        files.openAt(0, 0);
        assertThat(readAll()).hasSize(10);
        // When: its own file is the first that goes
        for (int i = 0; i < FILES + 1; i++) {
            rotate(compress);
            write(10);
        }
        // Then
        List<Integer> left = readAll();
        assertThat(left).isEqualTo(numbers(10 * (FILES + 2) - 10 * FILES + 1, 10 * (FILES + 2)));
        assertThat(files.lost()).isEqualTo(LogGap.Reason.ROTATED);
        assertThat(files.lost()).isNull();
    }

    @Test
    void shouldReadThePlainFileWhileTheCompressedOneIsBeingWritten() throws IOException {
        // Given
        writeFiles(2, 50, false);
        byte[] begun = compressed(Files.readAllBytes(numbered(1)));
        Files.write(Path.of(numbered(1) + ".gz"), java.util.Arrays.copyOf(begun, begun.length / 2));
        // When
        files.openAt(0, 0);
        // Then
        assertThat(readAll()).isEqualTo(numbers(1, 100));
    }

    @Test
    void shouldTellWhatCannotBeDecompressedAndGoOn() throws IOException {
        // Given
        writeFiles(3, 2000, true);
        Path broken = Path.of(numbered(1) + ".gz");
        byte[] bytes = Files.readAllBytes(broken);
        Files.write(broken, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        // When
        files.openAt(0, 0);
        List<Integer> read = readAll();
        // Then
        assertThat(read).startsWith(numbers(1, 2000).toArray(Integer[]::new));
        assertThat(read).endsWith(numbers(4001, 6000).toArray(Integer[]::new)).hasSizeLessThan(6000);
        assertThat(files.lost()).isEqualTo(LogGap.Reason.BROKEN);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 5_000})
    void shouldNoticeThatItsFileWasEmptiedHoweverMuchIsWrittenSince(int entries) throws IOException {
        // Given: one file only
        write(1_000);
        files.openAt(0, 0);
        assertThat(readAll()).hasSize(1_000);
        // When
        try (FileChannel newest = FileChannel.open(numbered(0), StandardOpenOption.WRITE)) {
            newest.truncate(0);
        }
        write(entries);
        // Then
        assertThat(readAll()).isEqualTo(numbers(1_001, 1_000 + entries));
        assertThat(files.lost()).isEqualTo(LogGap.Reason.EMPTIED);
    }

    /** What must not happen happened once in fifty times on a busy machine. */
    static Stream<Boolean> manyTimes() {
        return IntStream.range(0, 20).mapToObj(i -> i % 2 == 1);
    }

    @ParameterizedTest
    @MethodSource("manyTimes")
    void shouldHaveEachEntryOnceAndInOrderOrSaySoWhileFilesAreRotated(boolean compress) throws Exception {
        // Given
        Random random = new Random(11);
        write(1);
        files.openAt(0, 0);
        AtomicBoolean done = new AtomicBoolean();
        Thread driver = Thread.ofPlatform().start(() -> {
            try {
                for (int i = 0; i < 400; i++) {
                    write(1 + random.nextInt(40));
                    rotate(compress);
                }
                write(1);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } finally {
                done.set(true);
            }
        });
        // When
        List<Integer> read = new ArrayList<>();
        List<Integer> gapsAfter = new ArrayList<>();
        while (read.isEmpty() || !done.get() || read.getLast() < written) {
            List<Integer> more = readUntilLost();
            if (files.lost() != null) {
                gapsAfter.add(read.isEmpty() && more.isEmpty() ? 0 : more.isEmpty() ? read.getLast() : more.getLast());
            }
            read.addAll(more);
        }
        driver.join();
        // Then
        List<Integer> holesAfter = new ArrayList<>();
        for (int i = 1; i < read.size(); i++) {
            assertThat(read.get(i)).isGreaterThan(read.get(i - 1));
            if (read.get(i) != read.get(i - 1) + 1) {
                holesAfter.add(read.get(i - 1));
            }
        }
        assertThat(gapsAfter).containsAll(holesAfter);
        assertThat(read.getLast()).isEqualTo(written);
    }

    /** Reads until nothing is left. */
    private List<Integer> readAll() throws IOException {
        List<Integer> read = new ArrayList<>();
        byte[] bytes = new byte[4 * 1024 * 1024];
        int filled = 0;
        while (true) {
            int more = files.read(bytes, filled, 1 + Math.min(10_000, bytes.length - filled - 1));
            if (more > 0) {
                filled += more;
            } else if (!files.next() && !files.emptied()) {
                take(bytes, filled, read);
                return read;
            } else if (files.position() == 0) {
                take(bytes, filled, read);
                filled = 0;
            }
        }
    }

    /** Reads until nothing is left for now, or something was lost. */
    private List<Integer> readUntilLost() throws IOException {
        List<Integer> read = new ArrayList<>();
        byte[] bytes = new byte[256 * 1024];
        int filled = 0;
        while (true) {
            int more = files.read(bytes, filled, bytes.length - filled);
            if (more > 0) {
                filled += more;
                continue;
            }
            boolean next = files.next();
            if (!next || files.position() == 0) {
                take(bytes, filled, read);
                return read;
            }
        }
    }

    private static void take(byte[] bytes, int length, List<Integer> into) {
        JsonFileEntry entry = new JsonFileEntry();
        int begin = 0;
        int end = LineJoiner.indexOfLineEnd(bytes, begin, length);
        while (end < length) {
            if (entry.read(bytes, begin, end)) {
                into.add(Integer.valueOf(new String(bytes, entry.from(), entry.to() - entry.from(), UTF_8).strip()));
            }
            begin = end + 1;
            end = LineJoiner.indexOfLineEnd(bytes, begin, length);
        }
    }

    private void writeFiles(int count, int entries, boolean compress) throws IOException {
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                rotate(compress);
            }
            write(entries);
        }
    }

    private void write(int entries) throws IOException {
        try (OutputStream out = Files.newOutputStream(
                numbered(0), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            for (int i = 0; i < entries; i++) {
                out.write(entry(written + 1));
                written++;
            }
        }
    }

    /** As moby does it: the last one goes, each gets the next number, and the first is compressed in place. */
    private void rotate(boolean compress) throws IOException {
        String end = compress ? ".gz" : "";
        Files.deleteIfExists(Path.of(numbered(FILES - 1) + end));
        for (int number = FILES - 1; number > 1; number--) {
            Path from = Path.of(numbered(number - 1) + end);
            if (Files.exists(from)) {
                Files.move(from, Path.of(numbered(number) + end), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        Files.move(numbered(0), numbered(1), StandardCopyOption.ATOMIC_MOVE);
        Files.createFile(numbered(0));
        if (compress) {
            Files.write(Path.of(numbered(1) + end), compressed(Files.readAllBytes(numbered(1))));
            Files.delete(numbered(1));
        }
    }

    private static byte[] compressed(byte[] plain) throws IOException {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(plain);
        }
        return bytes.toByteArray();
    }

    private Path numbered(int number) {
        Path newest = folder.resolve(folder.getFileName() + "-json.log");
        return number == 0 ? newest : Path.of(newest + "." + number);
    }

    private static byte[] entry(int number) {
        String text = "%08d".formatted(number);
        return ("{\"log\":\"" + text + "\\n\",\"stream\":\"stdout\",\"time\":\"" + time(at(number)) + "\"}\n")
                .getBytes(UTF_8);
    }

    private static String time(long nanos) {
        return Instant.ofEpochSecond(0, nanos).toString();
    }

    private static long at(int number) {
        return FIRST + number * 1_000_001L;
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().toList();
    }
}
