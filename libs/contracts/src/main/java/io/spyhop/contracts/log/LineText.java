package io.spyhop.contracts.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text that must occur in a line's message or in the JSON text of its fields. ASCII letters of either case are the
 * same, and so are other letters that have the same capital (simple folding); no other letter equals one of ASCII.
 * Thread-safe.
 */
final class LineText {
    private final int[] folded;
    private final int[] fallback;

    /** The text where it stands in rows as it is; else it is compared character by character. */
    private final @Nullable ByteScan plain;

    LineText(String text) {
        folded = text.codePoints().map(LineText::fold).toArray();
        fallback = fallback(folded);
        List<byte[]> runs = plainRuns(text);
        plain = runs.size() == 1 && runs.getFirst().length == folded.length ? new ByteScan(runs.getFirst()) : null;
    }

    /** Whether this is what a scan seeks, all of it. */
    boolean is(ByteScan scan) {
        return plain != null && plain.seeksSame(scan);
    }

    /** The same as {@link #isIn(LineRow)} where it is known at which place of the row it first stands. */
    boolean isIn(LineRow row, int first) {
        if (plain == null) {
            return isIn(row);
        }
        // Names and levels stand before every message.
        int found = first < row.message ? plain.find(row.bytes, row.message, row.end()) : first;
        return found >= 0 && ((row.isMessage(found) && !isEscape(row.bytes, row.message, found)) || isIn(row));
    }

    boolean isIn(LineRow row) {
        if (plain == null) {
            return isIn(new JsonText(row.bytes, row.message, row.messageEnd(), true))
                    || isIn(new JsonText(row.bytes, row.fields(), row.fieldsEnd(), false));
        }
        int to = row.messageEnd();
        int at = plain.find(row.bytes, row.message, to);
        while (at >= 0 && isEscape(row.bytes, row.message, at)) {
            at = plain.find(row.bytes, at + 1, to);
        }
        return at >= 0 || plain.find(row.bytes, row.fields(), row.fieldsEnd()) >= 0;
    }

    /** Each byte is looked at once (Knuth, Morris, Pratt), whatever the text repeats. */
    private boolean isIn(JsonText in) {
        int matched = 0;
        for (int c = in.next(); c >= 0; c = in.next()) {
            int character = fold(c);
            while (matched > 0 && folded[matched] != character) {
                matched = fallback[matched - 1];
            }
            if (folded[matched] == character && ++matched == folded.length) {
                return true;
            }
        }
        return false;
    }

    /** Whether a place is within an escape sequence, behind its backslash. */
    private static boolean isEscape(byte[] bytes, int from, int at) {
        if (ByteScan.backslashes(bytes, from, at) % 2 == 1) {
            return true;
        }
        for (int u = at - 1; u >= at - 4 && u > from; u--) {
            if (bytes[u] == 'u' && ByteScan.backslashes(bytes, from, u) % 2 == 1) {
                return true;
            }
        }
        return false;
    }

    /** The parts of a text that stand in rows as they are, in small letters. */
    static List<byte[]> plainRuns(String text) {
        List<byte[]> runs = new ArrayList<>();
        StringBuilder run = new StringBuilder();
        for (int i = 0; i <= text.length(); i++) {
            if (i < text.length() && isPlain(text.charAt(i))) {
                run.append((char) fold(text.charAt(i)));
            } else if (!run.isEmpty()) {
                runs.add(run.toString().getBytes(US_ASCII));
                run.setLength(0);
            }
        }
        return runs;
    }

    /** Whether a character stands in rows as it is, in one byte. */
    static boolean isPlain(int character) {
        return character >= ' ' && character <= '~' && character != '"' && character != '\\';
    }

    /** What is the same for letters that differ by case only. */
    static int fold(int character) {
        if (character < 0x80) {
            return character >= 'A' && character <= 'Z' ? character | 0x20 : character;
        }
        int small = Character.toLowerCase(Character.toUpperCase(character));
        return small < 0x80 ? character : small;
    }

    private static int[] fallback(int[] text) {
        int[] fallback = new int[text.length];
        int matched = 0;
        for (int i = 1; i < text.length; i++) {
            while (matched > 0 && text[matched] != text[i]) {
                matched = fallback[matched - 1];
            }
            if (text[matched] == text[i]) {
                matched++;
            }
            fallback[i] = matched;
        }
        return fallback;
    }
}
