package io.spyhop.contracts.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.spyhop.contracts.problem.SpyhopException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineMatcherTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Stream> STREAMS = List.of(Stream.values());
    private static final String[] PIECES = {
        "a",
        "A",
        "b",
        "n",
        "u",
        "0",
        "00",
        "1b",
        " ",
        ".",
        "\"",
        "\\",
        "\n",
        "\t",
        "\u001b",
        "\u0000",
        "ab",
        "Error",
        "é",
        "É",
        "ß",
        "ẞ",
        "ı",
        "İ",
        "ſ",
        "s",
        "S",
        "K",
        "\u212a",
        "k",
        "я",
        "Я",
        "\uD83D\uDC33",
        "\uD801\uDC00",
        "\uD801\uDC28",
        "message",
        "fields",
        "{",
        "}",
        ",\"fields\":",
        "true",
        "info",
        "~",
        "\u007f"
    };
    private static final String[] PATTERNS = {
        "a",
        "b+",
        "(?i)error",
        "(?i)s",
        "(?i)k\\.",
        "a|b",
        "ab?n",
        "^a",
        "a$",
        "[ab]{2}",
        "(ab)+",
        "(ab)*n",
        "\\x61b",
        "\\QA.\\E",
        "a{0}b",
        "(?:n|u)0",
        "x*",
        "é",
        "\\.",
        "\\pL{3}",
        "(?P<x>ab)n",
        "a{2,}",
        "\\\\",
        "n*?a",
        "a+?b",
        "[]a]b",
        "[[:alpha:]]b",
        "(?i:E)rr",
        "\\W\\w",
        "a.*b",
        "b.*a",
        "(ab|u)+n*0.*a",
        "(a.*b)+u",
        "0+1?.*00"
    };

    @Test
    void shouldSayTheSameAsTheOracle() throws Exception {
        for (int seed = 0; seed < 300; seed++) {
            // Given
            Random random = new Random(seed);
            StringBuilder rows = new StringBuilder();
            for (int i = 0; i < 60; i++) {
                rows.append(row(random, i)).append('\n');
            }
            byte[] block = rows.toString().getBytes(UTF_8);
            for (int i = 0; i < 40; i++) {
                LineFilter filter = filter(random);
                // When
                List<Integer> found = find(filter, block);
                // Then
                List<Integer> expected = new ArrayList<>();
                for (int at = 0; at < block.length; ) {
                    int end = LineMatcher.rowEnd(block, at, block.length);
                    if (LineMatcherOracle.matches(filter, block, at, end)) {
                        expected.add(at);
                    }
                    at = end + 1;
                }
                assertThat(found).as("%s of %s", filter, rows).isEqualTo(expected);
            }
        }
    }

    @Test
    void shouldNameOnlyTextsThatEveryMatchHas() throws Exception {
        for (int seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            LineFilter filter = filter(random);
            LineMatcher matcher = LineMatcher.of(filter);
            for (int i = 0; i < 20; i++) {
                String row = row(random, i);
                byte[] bytes = row.getBytes(UTF_8);
                if (LineMatcherOracle.matches(filter, bytes, 0, bytes.length)) {
                    for (byte[] text : matcher.requiredTexts()) {
                        assertThat(row.toLowerCase(Locale.ROOT))
                                .as(filter.toString())
                                .contains(new String(text, UTF_8));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "abc abc",
                "AbC abc",
                "ab*cd a,cd",
                "ab+cd ab,cd",
                "x(foo|bar)baz x,baz",
                "(foo)(?:bar)+ foo,bar",
                "(foo)?bar bar",
                "foo|bar ''",
                "(?i)error:.*disk error:,di",
                "(?i)task ta",
                "id=[0-9]{3,5}\\.x id=,.x",
                "a\\.b\\d a.b",
                "\\bfoo\\b foo",
            })
    void shouldNameTheTextsOfPatterns(String pattern, @Nullable String texts) {
        assertThat(PatternOutline.of(pattern).texts().stream()
                        .map(text -> new String(text, UTF_8))
                        .collect(Collectors.joining(",")))
                .isEqualTo(texts == null ? "" : texts);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a*)*$",
                "(a*)*[b]$",
                "(a+a+)+[b]",
                "((a?){20}){20}a{20}[b]",
                "a{400}[b]",
                "(.*)(.*)(.*)(.*)[b]",
                "(a|a)*[b]",
                "(?:a?){200}[b]"
            })
    void shouldTakeTimeThatIsLinearInTheMessage(String pattern) {
        byte[] row = plain("a".repeat(1_000_000)).getBytes(UTF_8);
        LineFilter filter = new LineFilter(Set.of(), Set.of(), null, pattern, Map.of(), null, null);
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            try {
                assertThat(LineMatcher.of(filter).rows(row, 0, row.length).next())
                        .isEqualTo(pattern.endsWith("*$"));
            } catch (SpyhopException e) {
                assertThat(e).hasMessageStartingWith("regex: the pattern is too large");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(x{1000}){1000}",
                "((((x{100}){100}){100}){100})",
                "x{600}",
                "(((((((((x{9}){9}){9}){9}){9}){9}){9}){9}){9})",
                "(x{0,99}){99}",
                "(x{30}|y){30}",
                "([a-z]{100}){100}",
                "(\\w{100,}){100,}"
            })
    void shouldRefuseLargePatternsBeforeTheyAreCompiled(String pattern) {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertThatThrownBy(() -> of(null, pattern))
                        .isInstanceOf(SpyhopException.class)
                        .hasMessageStartingWith("regex: the pattern is too large"));
    }

    @Test
    void shouldRefuseQuestionsThatAreNone() {
        String tooLong = "x".repeat(LineFilter.TEXT_LENGTH_MAX + 1);
        refused(() -> of(tooLong, null), "q:");
        refused(() -> of(null, tooLong), "regex:");
        for (String pattern : new String[] {"(", ")", "a)b", "[", "*", "\\", "(?<", "(?z)", "a{1001}", "\\8"}) {
            refused(() -> of(null, pattern), "regex:");
        }
        refused(
                () -> LineMatcher.of(new LineFilter(Set.of(), Set.of("LOUD"), null, null, Map.of(), null, null)),
                "level:");
        refused(() -> LineMatcher.of(fields(Map.of("a.b", tooLong))), "fields.a.b:");
        refused(() -> LineMatcher.of(fields(Map.of("", "x"))), "fields:");
        refused(
                () -> LineMatcher.of(fields(IntStream.rangeClosed(0, LineFilter.FIELDS_MAX)
                        .boxed()
                        .collect(Collectors.toMap(i -> "f" + i, i -> "v")))),
                "fields:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "nonsense",
                "{\"lineNo\":1}",
                "{\"lineNo\":1,\"at\":\"2026-11-22T03:04:05.123456789Z\",\"stream\":\"stdout\"}"
            })
    void shouldPassOverWhatIsNoRow(String row) {
        byte[] bytes = row.getBytes(UTF_8);
        assertThat(LineMatcher.of(LineFilter.ALL).matches(bytes, 0, bytes.length))
                .isFalse();
    }

    @Test
    void shouldSeekPatternsInTheBeginningOfLongMessages() {
        byte[] near = plain("x".repeat(LineFilter.REGEX_BYTES_MAX - 3) + "abc").getBytes(UTF_8);
        byte[] far = plain("x".repeat(LineFilter.REGEX_BYTES_MAX) + "abc").getBytes(UTF_8);
        assertThat(of(null, "abc").matches(near, 0, near.length - 1)).isTrue();
        assertThat(of(null, "abc").matches(far, 0, far.length - 1)).isFalse();
        assertThat(of("abc", null).matches(far, 0, far.length - 1)).isTrue();
    }

    private static void refused(ThrowingCallable call, String start) {
        assertThatThrownBy(call).isInstanceOf(SpyhopException.class).hasMessageStartingWith(start);
    }

    private static LineMatcher of(@Nullable String text, @Nullable String regex) {
        return LineMatcher.of(new LineFilter(Set.of(), Set.of(), text, regex, Map.of(), null, null));
    }

    private static LineFilter fields(Map<String, String> fields) {
        return new LineFilter(Set.of(), Set.of(), null, null, fields, null, null);
    }

    private static List<Integer> find(LineFilter filter, byte[] block) {
        LineCursor rows = LineMatcher.of(filter).rows(block, 0, block.length);
        List<Integer> found = new ArrayList<>();
        while (rows.next()) {
            assertThat(rows.to()).isEqualTo(LineMatcher.rowEnd(block, rows.from(), block.length));
            found.add(rows.from());
        }
        return found;
    }

    private static LineFilter filter(Random random) {
        Map<String, String> fields = new HashMap<>();
        if (random.nextInt(6) == 0) {
            fields.put(
                    new String[] {"a", "b", "user.id", "user.name", "a.b", "a.b.c", "list", "user"}[random.nextInt(8)],
                    random.nextBoolean()
                            ? text(random, 2)
                            : new String[] {"1", "true", "null", "[1]", "{\"id\":1}"}[random.nextInt(5)]);
        }
        return new LineFilter(
                random.nextInt(5) == 0 ? Set.of(STREAMS.get(random.nextInt(STREAMS.size()))) : Set.of(),
                random.nextInt(5) == 0 ? Set.of("info", "error") : Set.of(),
                random.nextInt(3) > 0 ? text(random, 4) : null,
                random.nextInt(4) == 0 ? PATTERNS[random.nextInt(PATTERNS.length)] : null,
                fields,
                random.nextInt(8) == 0 ? random.nextLong(10_000_000_000L) : null,
                random.nextInt(8) == 0 ? random.nextLong(10_000_000_000L) : null);
    }

    /** As log-service renders a line. */
    private static String row(Random random, int number) throws JsonProcessingException {
        ObjectNode row = JSON.createObjectNode();
        row.put("lineNo", number + 1);
        Instant at = Instant.ofEpochSecond(0, random.nextLong(10_000_000_000L));
        row.put(
                "at",
                "%s.%09dZ"
                        .formatted(
                                Instant.ofEpochSecond(at.getEpochSecond())
                                        .toString()
                                        .replace("Z", ""),
                                at.getNano()));
        row.put("stream", STREAMS.get(random.nextInt(STREAMS.size())).wire());
        row.put("level", new String[] {"info", "error", "stderr"}[random.nextInt(3)]);
        row.put("message", text(random, 12));
        if (random.nextInt(3) == 0) {
            row.put("instance", random.nextInt(20));
        }
        switch (random.nextInt(4)) {
            case 0 -> {
                ObjectNode fields = row.putObject("fields");
                fields.put("a", text(random, 4));
                fields.put("a.b", text(random, 1));
                fields.putObject("user").put("id", random.nextInt(3)).put("name", text(random, 2));
                fields.putObject("b").put("x", random.nextBoolean());
                fields.putArray("list").add(1);
                if (random.nextBoolean()) {
                    fields.putNull(text(random, 1));
                }
            }
            case 1 -> {
                row.put("event", text(random, 2));
                row.putObject("data").put("fields", text(random, 3));
            }
            default -> {}
        }
        if (random.nextInt(5) == 0) {
            row.put("truncated", true);
        }
        if (random.nextInt(5) == 0) {
            row.put("partial", true);
        }
        return JSON.writeValueAsString(row);
    }

    private static String plain(String message) {
        return "{\"lineNo\":7,\"at\":\"2026-11-22T03:04:05.123456789Z\",\"stream\":\"stdout\",\"level\":\"info\",\"message\":\""
                + message + "\"}\n";
    }

    private static String text(Random random, int pieces) {
        return IntStream.rangeClosed(0, random.nextInt(pieces))
                .mapToObj(i -> PIECES[random.nextInt(PIECES.length)])
                .collect(Collectors.joining());
    }
}
