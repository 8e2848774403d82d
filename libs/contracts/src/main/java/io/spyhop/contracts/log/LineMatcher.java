package io.spyhop.contracts.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.spyhop.contracts.problem.SpyhopException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says which rows a filter wants, of rows as log-service renders them. A text is sought in many rows at once; only the
 * rows that have it are looked at. A pattern is matched in linear time. Thread-safe.
 */
public final class LineMatcher {
    private static final int LEVEL_LENGTH_MAX = 20;
    private static final int LEVELS_MAX = 20;

    /** Texts of which the rarest is sought. */
    private static final int SCANS_MAX = 4;

    /** How much of the rows is looked at to find out which: some dozens of them, and never a large part. */
    private static final int SAMPLED_PART = 16;

    private static final int SAMPLED_BYTES_MAX = 16 * 1024;

    private final LineFilter filter;
    private final byte[][] streams;
    private final byte[][] levels;
    private final @Nullable LineText text;
    private final @Nullable LinePattern regex;
    private final List<LineFields> fields;
    private final List<byte[]> required;

    /** Texts that every row must have which is wanted, the longest first. */
    private final List<ByteScan> scans;

    /** That of them which is the whole of the filter's text. */
    private final @Nullable ByteScan whole;

    private LineMatcher(LineFilter filter) {
        this.filter = filter;
        streams =
                filter.streams().stream().map(s -> s.wire().getBytes(US_ASCII)).toArray(byte[][]::new);
        levels = filter.levels().stream().map(l -> l.getBytes(US_ASCII)).toArray(byte[][]::new);
        text = filter.text() == null || filter.text().isEmpty() ? null : new LineText(filter.text());
        regex = filter.regex() == null || filter.regex().isEmpty() ? null : new LinePattern(filter.regex());
        fields = filter.fields().entrySet().stream()
                .map(field -> new LineFields(field.getKey(), field.getValue()))
                .toList();
        required = required();
        scans = required.stream()
                .map(ByteScan::new)
                .sorted(Comparator.comparingInt(ByteScan::length).reversed())
                .limit(SCANS_MAX)
                .toList();
        whole = scans.stream()
                .filter(scan -> text != null && text.is(scan))
                .findFirst()
                .orElse(null);
    }

    private LineMatcher(LineMatcher other, LineFilter filter) {
        this.filter = filter;
        streams = other.streams;
        levels = other.levels;
        text = other.text;
        regex = other.regex;
        fields = other.fields;
        required = other.required;
        scans = other.scans;
        whole = other.whole;
    }

    /**
     * Prepares a filter.
     *
     * @throws SpyhopException {@code PARAMETER_INVALID} where it is too long or too large, or its pattern is none
     */
    public static LineMatcher of(LineFilter filter) {
        checkLength("q", filter.text());
        checkLength("regex", filter.regex());
        if (filter.levels().size() > LEVELS_MAX || !filter.levels().stream().allMatch(LineMatcher::isLevel)) {
            throw SpyhopException.parameter("level", "names in small letters are wanted, such as warn or error");
        }
        if (filter.fields().size() > LineFilter.FIELDS_MAX) {
            throw SpyhopException.parameter("fields", "at most " + LineFilter.FIELDS_MAX + " are compared");
        }
        filter.fields().forEach((path, value) -> {
            if (path.isEmpty() || path.length() > LineFilter.TEXT_LENGTH_MAX) {
                throw SpyhopException.parameter("fields", "each has a path after the first dot");
            }
            checkLength("fields." + path, value);
        });
        return new LineMatcher(filter);
    }

    private static void checkLength(String name, @Nullable String text) {
        if (text != null && text.length() > LineFilter.TEXT_LENGTH_MAX) {
            throw SpyhopException.parameter(name, "at most " + LineFilter.TEXT_LENGTH_MAX + " characters are wanted");
        }
    }

    private static boolean isLevel(String level) {
        return !level.isEmpty()
                && level.length() <= LEVEL_LENGTH_MAX
                && level.chars().allMatch(c -> c >= 'a' && c <= 'z');
    }

    /**
     * Texts without which no row is wanted: each stands in the message's bytes, or in those of the fields, in letters of
     * either case. Plain ASCII in small letters, without quotes and backslashes.
     */
    public List<byte[]> requiredTexts() {
        return required;
    }

    /** How many steps a character may cost at the worst: one without a pattern. */
    public int steps() {
        return regex == null ? 1 : regex.steps();
    }

    private List<byte[]> required() {
        List<byte[]> texts = new ArrayList<>();
        if (text != null && filter.text() != null) {
            texts.addAll(LineText.plainRuns(filter.text()));
        }
        if (regex != null) {
            texts.addAll(regex.texts());
        }
        for (LineFields field : fields) {
            texts.addAll(LineText.plainRuns(field.value()));
            for (String name : field.path().split("\\.", -1)) {
                texts.addAll(LineText.plainRuns(name));
            }
        }
        return List.copyOf(texts);
    }

    /** The same for another range of time. */
    public LineMatcher between(@Nullable Long since, @Nullable Long until) {
        return new LineMatcher(this, filter.between(since, until));
    }

    /**
     * What is best sought in rows: of several texts that which is the rarest where they begin. A word that stands in every
     * row says nothing.
     */
    @Nullable
    ByteScan scan(byte[] ndjson, int from, int end) {
        if (scans.size() < 2) {
            return scans.isEmpty() ? null : scans.getFirst();
        }
        int sampled = from + Math.min((end - from) / SAMPLED_PART, SAMPLED_BYTES_MAX);
        return scans.stream()
                .min(Comparator.comparingInt(scan -> scan.count(ndjson, from, sampled)))
                .get();
    }

    /** Whether what is sought is the whole of the filter's text. */
    boolean isText(@Nullable ByteScan scan) {
        return scan != null && scan == whole;
    }

    /** Whether a row is wanted: a line object as it is stored, without its line feed. */
    public boolean matches(byte[] ndjson, int from, int to) {
        return isWanted(new LineRow(ndjson), from, to, -1);
    }

    /**
     * The rows that are wanted.
     *
     * @param from where a row begins
     * @param end where the last one ends, after its line feed
     */
    public LineCursor rows(byte[] ndjson, int from, int end) {
        return new LineCursor(this, new LineRow(ndjson), from, end);
    }

    /**
     * The same of rows whose heads are kept apart.
     *
     * @param texts what they have from their messages on, one after the other, each with its line feed
     * @param starts where each of them begins there, and where the last one ends
     * @param from the first row
     * @param to the one behind the last
     */
    public LineCursor rows(LineHeads heads, byte[] texts, int[] starts, int from, int to) {
        return new LineCursor(this, new HeadedLineRow(heads, texts, starts, from), starts[from], starts[to]);
    }

    /** Whether any of these may be the head of a row that is wanted: where none is, no text need be looked at. */
    public boolean mayWant(LineHeads heads) {
        for (int row = 0; row < heads.count(); row++) {
            int each = row;
            if (isOneOf(streams, wanted -> heads.hasStream(each, wanted))
                    && isOneOf(levels, wanted -> heads.hasLevel(each, wanted))
                    && inTime(heads.atNanos(each))) {
                return true;
            }
        }
        return false;
    }

    /** The line feed that ends a row; {@code end} where there is none. */
    public static int rowEnd(byte[] ndjson, int row, int end) {
        return ByteScan.indexOf(ndjson, row, end, '\n');
    }

    /**
     * Whether a row is wanted, the cheaper questions first.
     *
     * @param textAt where the filter's text first stands in the row, names included; below 0 where it was not sought
     */
    boolean isWanted(LineRow row, int from, int to, int textAt) {
        return row.move(from, to)
                && isOneOf(streams, row::hasStream)
                && isOneOf(levels, row::hasLevel)
                && (isAnyTime() || inTime(row.atNanos()))
                && (text == null || (textAt >= 0 ? text.isIn(row, textAt) : text.isIn(row)))
                && hasFields(row)
                && (regex == null || regex.isIn(row));
    }

    private interface Question {
        boolean holds(byte[] wanted);
    }

    private static boolean isOneOf(byte[][] wanted, Question question) {
        for (byte[] one : wanted) {
            if (question.holds(one)) {
                return true;
            }
        }
        return wanted.length == 0;
    }

    private boolean hasFields(LineRow row) {
        for (LineFields field : fields) {
            if (!field.isIn(row)) {
                return false;
            }
        }
        return true;
    }

    private boolean isAnyTime() {
        return filter.sinceNanos() == null && filter.untilNanos() == null;
    }

    private boolean inTime(long at) {
        Long since = filter.sinceNanos();
        Long until = filter.untilNanos();
        return (since == null || at >= since) && (until == null || at < until);
    }
}
