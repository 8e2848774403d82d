package io.spyhop.contracts.log;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.spyhop.contracts.problem.SpyhopException;
import java.util.List;

/** A pattern that must be found in a line's message, in time linear in its length. Thread-safe. */
final class LinePattern {
    /** Each step may be looked at for each character: this bounds what a hostile pattern costs. */
    static final int STEPS_MAX = 500;

    private final Pattern pattern;
    private final List<byte[]> texts;
    private final List<ByteScan> scans;

    LinePattern(String wanted) {
        PatternOutline.Outline outline = PatternOutline.of(wanted);
        // Before it is compiled: counts within counts multiply.
        check(outline.size());
        try {
            pattern = Pattern.compile(wanted);
        } catch (PatternSyntaxException e) {
            throw SpyhopException.parameter("regex", "not a pattern in RE2 syntax");
        }
        check(pattern.programSize());
        texts = outline.texts();
        scans = texts.stream().map(ByteScan::new).toList();
    }

    private static void check(long size) {
        if (size > STEPS_MAX) {
            throw SpyhopException.parameter("regex", "the pattern is too large: repeat less often");
        }
    }

    /** Texts that are in every message that matches, one after the other: plain ASCII in small letters. */
    List<byte[]> texts() {
        return texts;
    }

    /** Each character may cost so many steps. */
    int steps() {
        return pattern.programSize();
    }

    /** The pattern itself costs a hundred times as much as its texts. */
    boolean isIn(LineRow row) {
        return hasTexts(row)
                && pattern.matcher(row.messageText(LineFilter.REGEX_BYTES_MAX)).find();
    }

    private boolean hasTexts(LineRow row) {
        int to = Math.min(row.messageEnd(), row.message + LineFilter.REGEX_BYTES_MAX);
        int at = row.message;
        for (ByteScan scan : scans) {
            int found = scan.find(row.bytes, at, to);
            if (found < 0) {
                return false;
            }
            at = found + scan.length();
        }
        return true;
    }
}
