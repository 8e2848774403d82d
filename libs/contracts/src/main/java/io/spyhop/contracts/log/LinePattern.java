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
    }

    private static void check(long size) {
        if (size > STEPS_MAX) {
            throw SpyhopException.parameter("regex", "the pattern is too large: repeat less often");
        }
    }

    /** Texts that are in every message that matches: plain ASCII in small letters. */
    List<byte[]> texts() {
        return texts;
    }

    /** Each character may cost so many steps. */
    int steps() {
        return pattern.programSize();
    }

    boolean isIn(LineRow row) {
        return pattern.matcher(row.messageText(LineFilter.REGEX_BYTES_MAX)).find();
    }
}
