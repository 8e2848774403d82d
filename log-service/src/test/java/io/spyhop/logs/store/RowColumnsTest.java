package io.spyhop.logs.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.spyhop.contracts.log.LineCursor;
import io.spyhop.contracts.log.LineFilter;
import io.spyhop.contracts.log.LineMatcher;
import io.spyhop.contracts.log.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowColumnsTest {
    private static final List<String> STREAMS = List.of("stdout", "stderr", "system");
    private static final List<String> LEVELS = List.of("info", "warn", "error", "system");
    private static final List<String> RESTS = List.of(
            "\"}",
            "GET /stdout HTTP/1.1\"}",
            "said \\\"error\\\" \\\\\",\"instance\":3}",
            "worker exited\",\"fields\":{\"exitCode\":3,\"message\":\"m\"}}",
            "Größe \\u0000\",\"partial\":true}");

    private static final List<String> TEXTS = List.of("ERROR", "get", "größe", "message", "exitcode", "3", "\"");

    private final Random random = new Random(5);

    @Test
    void shouldGiveTheSameRowsAgain() {
        for (int round = 0; round < 300; round++) {
            // Given
            List<String> rows = rows(1 + random.nextInt(40));
            byte[] ndjson = String.join("", rows).getBytes(UTF_8);

            // When
            RowColumns unpacked = packedAndUnpacked(ndjson, rows.size());

            // Then
            assertThat(unpacked.joined(ndjson.length)).isEqualTo(ndjson);
        }
    }

    @Test
    void shouldFindRowsByNumberAndByPlace() {
        String first = row(3, "1970-01-01T00:00:00.000000000Z", "a");
        String second = row(7, "1970-01-01T00:00:00.000000000Z", "bc");
        RowColumns columns = packedAndUnpacked((first + second).getBytes(UTF_8), 2);
        int between = "a\"}\n".length();
        int end = "a\"}\nbc\"}\n".length();
        assertThat(columns.length()).isEqualTo(end);
        assertThat(LongStream.of(0, 2, 3, 6, 7, 8).mapToInt(columns::above))
                .containsExactly(0, 0, between, between, end, end);
        assertThat(columns.number(0)).isEqualTo(3);
        assertThat(columns.number(between)).isEqualTo(7);
        assertThat(new String(columns.row(0), UTF_8)).isEqualTo(first);
        assertThat(new String(columns.row(between), UTF_8)).isEqualTo(second);
        assertThat(new String(columns.copy().row(between), UTF_8)).isEqualTo(second);
    }

    /** What is looked for is found in the texts as it is in whole rows. */
    @Test
    void shouldMatchTheRowsThatMatchWhenTheyAreWhole() {
        int found = 0;
        for (int round = 0; round < 500; round++) {
            List<String> rows = rows(1 + random.nextInt(60));
            byte[] ndjson = String.join("", rows).getBytes(UTF_8);
            LineMatcher matcher = LineMatcher.of(filter());
            int from = random.nextInt(rows.size());
            int to = from + random.nextInt(rows.size() - from + 1);

            List<String> whole = new ArrayList<>();
            LineCursor row = matcher.rows(ndjson, rowStart(rows, from), rowStart(rows, to));
            while (row.next()) {
                whole.add(row.atNanos() + " " + new String(ndjson, row.from(), row.to() + 1 - row.from(), UTF_8));
            }
            List<String> apart = new ArrayList<>();
            RowColumns columns = RowColumns.unpack(packed(ndjson, rows.size()), matcher, byte[]::new);
            if (columns != null) {
                int begin = columns.above(Rows.number(ndjson, rowStart(rows, from)) - 1);
                int end = to == rows.size()
                        ? columns.length()
                        : columns.above(Rows.number(ndjson, rowStart(rows, to)) - 1);
                LineCursor text = columns.rows(matcher, begin, end);
                while (text.next()) {
                    apart.add(text.atNanos() + " " + new String(columns.row(text.from()), UTF_8));
                }
            }

            assertThat(apart).isEqualTo(whole);
            found += apart.size();
        }
        assertThat(found).isGreaterThan(1000);
    }

    @Test
    void shouldTakeNoTextsWhereNoHeadIsWanted() {
        String row = row(1, "2026-11-25T03:04:05.000000006Z", "m");
        byte[] payload = packed(row.getBytes(UTF_8), 1);
        long at = Rows.atNanos(row.getBytes(UTF_8), 0);
        assertThat(unpacked(payload, Set.of(Stream.STDOUT), Set.of("info", "warn"), at, at + 1))
                .isNotNull();
        assertThat(unpacked(payload, Set.of(Stream.STDERR), Set.of("info", "warn"), at, at + 1))
                .isNull();
        assertThat(unpacked(payload, Set.of(), Set.of("warn"), at, at + 1)).isNull();
        assertThat(unpacked(payload, Set.of(), Set.of(), at + 1, at + 2)).isNull();
        assertThat(unpacked(payload, Set.of(), Set.of(), at - 1, at)).isNull();
    }

    private static @Nullable RowColumns unpacked(
            byte[] payload, Set<Stream> streams, Set<String> levels, long since, long until) {
        LineFilter filter = new LineFilter(streams, levels, null, null, Map.of(), since, until);
        return RowColumns.unpack(payload, LineMatcher.of(filter), byte[]::new);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"lineNo\":1}\n",
                "no row\n",
                "{\"lineNo\":07,\"at\":\"1970-01-01T00:00:00.000000000Z\",\"stream\":\"stdout\",\"level\":\"info\",\"message\":\"\"}\n",
                "{\"lineNo\":7,\"at\":\"1970-01-01T00:00:00.000000000z\",\"stream\":\"stdout\",\"level\":\"info\",\"message\":\"\"}\n",
                "{\"lineNo\":7,\"at\":\"1970-01-01T00:00:60.000000000Z\",\"stream\":\"stdout\",\"level\":\"info\",\"message\":\"\"}\n",
                "{\"lineNo\":7,\"at\":\"1970-01-01T00:00:00.000000000Z\",\"stream\":\"stdout\",\"level\":\"info\",\"message\":\"\"}",
            })
    void shouldLeaveRowsAsTheyAreThatWouldNotComeOutAgain(String row) {
        byte[] ndjson = row.getBytes(UTF_8);
        assertThat(RowColumns.of(ndjson, ndjson.length, 1)).isNull();
    }

    @Test
    void shouldLeaveRowsAsTheyAreThatAreNotAsManyAsSaid() {
        byte[] ndjson = String.join("", rows(3)).getBytes(UTF_8);
        assertThat(RowColumns.of(ndjson, ndjson.length, 2)).isNull();
        assertThat(RowColumns.of(ndjson, ndjson.length, 4)).isNull();
    }

    @Test
    void shouldLeaveRowsAsTheyAreThatHaveTooManyLevels() {
        byte[] most = levels(127).getBytes(UTF_8);
        assertThat(packedAndUnpacked(most, 127).joined(most.length)).isEqualTo(most);
        byte[] more = levels(128).getBytes(UTF_8);
        assertThat(RowColumns.of(more, more.length, 128)).isNull();
    }

    @Test
    void shouldTakeLittleForHeads() {
        List<String> rows = IntStream.rangeClosed(1, 4000)
                .mapToObj(n -> row(
                        1_000_000 + n,
                        "2026-11-25T03:%02d:%02d.%09dZ".formatted(n / 60 % 60, n % 60, random.nextInt(1_000_000_000)),
                        "hi"))
                .toList();
        byte[] ndjson = String.join("", rows).getBytes(UTF_8);
        assertThat(packed(ndjson, rows.size())).hasSizeLessThan(5 * rows.size());
        assertThat(Codec.deflate(ndjson, ndjson.length, 6)).hasSizeGreaterThan(9 * rows.size());
    }

    private static RowColumns packedAndUnpacked(byte[] ndjson, int count) {
        return RowColumns.unpack(packed(ndjson, count));
    }

    private static byte[] packed(byte[] ndjson, int count) {
        return Objects.requireNonNull(RowColumns.of(ndjson, ndjson.length, count))
                .pack(6);
    }

    private LineFilter filter() {
        return new LineFilter(
                random.nextInt(3) == 0 ? Set.of(Stream.STDERR) : Set.of(),
                random.nextInt(3) == 0 ? Set.of("info", "error") : Set.of(),
                random.nextInt(3) == 0 ? null : TEXTS.get(random.nextInt(TEXTS.size())),
                random.nextInt(8) == 0 ? "[a-z]+ .*[0-9]" : null,
                Map.of(),
                random.nextInt(8) == 0 ? random.nextLong() : null,
                random.nextInt(8) == 0 ? random.nextLong() : null);
    }

    /** Numbers with holes, and clocks that step by anything. */
    private List<String> rows(int count) {
        List<String> rows = new ArrayList<>();
        long number = random.nextInt(2) == 0 ? 0 : random.nextLong(Long.MAX_VALUE / 2);
        for (int i = 0; i < count; i++) {
            number += random.nextInt(4) == 0 ? random.nextLong(1_000_000) + 1 : 1;
            String at = "%04d-%02d-%02dT%02d:%02d:%02d.%09dZ"
                    .formatted(
                            random.nextInt(4) == 0 ? 1700 + random.nextInt(500) : 2026,
                            1 + random.nextInt(12),
                            1 + random.nextInt(28),
                            random.nextInt(24),
                            random.nextInt(60),
                            random.nextInt(60),
                            random.nextInt(1_000_000_000));
            rows.add("{\"lineNo\":%d,\"at\":\"%s\",\"stream\":\"%s\",\"level\":\"%s\",\"message\":\"%s\n"
                    .formatted(
                            number,
                            at,
                            STREAMS.get(random.nextInt(STREAMS.size())),
                            LEVELS.get(random.nextInt(LEVELS.size())),
                            RESTS.get(random.nextInt(RESTS.size()))));
        }
        return rows;
    }

    private static String levels(int count) {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < count; i++) {
            rows.append(row(i + 1, "1970-01-01T00:00:00.000000000Z", "m").replace("info", "l" + i));
        }
        return rows.toString();
    }

    private static String row(long number, String at, String message) {
        return "{\"lineNo\":%d,\"at\":\"%s\",\"stream\":\"stdout\",\"level\":\"info\",\"message\":\"%s\"}\n"
                .formatted(number, at, message);
    }

    private static int rowStart(List<String> rows, int row) {
        return rows.subList(0, row).stream()
                .mapToInt(each -> each.getBytes(UTF_8).length)
                .sum();
    }
}
