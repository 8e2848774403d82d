package io.spyhop.contracts.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a pattern in RE2 syntax roughly, before it is compiled: how large it would become, and texts that stand in
 * whatever it matches. Where it is not sure it names no text. Not thread-safe.
 */
final class PatternOutline {
    /** What a class counts where case does not matter: the other case of each of its characters is looked up one by one. */
    private static final int FOLDED_CLASS_STEPS = 50;

    private static final Pattern COUNTED = Pattern.compile("\\{(\\d{1,9})(,(\\d{0,9}))?}");
    private static final Pattern IGNORES_CASE = Pattern.compile("\\(\\?[a-zA-Z]*i");
    private static final Pattern GROUP_HEAD = Pattern.compile("\\?(P?<\\w*>|[a-zA-Z-]*:)");
    private static final Pattern FLAGS = Pattern.compile("\\?[a-zA-Z-]*\\)");
    private static final Pattern CLASS = Pattern.compile("\\[\\^?]?(\\[:\\^?\\w*:]|\\\\.|[^]\\\\])*]", Pattern.DOTALL);
    private static final Pattern LONG_ESCAPE =
            Pattern.compile("\\\\([pP]\\{[^}]*}|[pP].|x\\{[^}]*}|x..|[0-7]{1,3}|.)", Pattern.DOTALL);

    private final String pattern;
    private final boolean ignoresCase;
    private int at;

    private PatternOutline(String pattern) {
        this.pattern = pattern;
        this.ignoresCase = IGNORES_CASE.matcher(pattern).find();
    }

    /**
     * What a pattern comes to.
     *
     * @param size about as many steps as it compiles to
     * @param texts plain ASCII in small letters, each in every match, one behind the other; some or none of those
     *     that are
     */
    record Outline(long size, List<byte[]> texts) {}

    static Outline of(String pattern) {
        PatternOutline reader = new PatternOutline(pattern);
        long size = 0;
        List<byte[]> texts = List.of();
        while (reader.at < pattern.length()) {
            Outline part = reader.alternatives();
            // Only a parenthesis too many leaves a rest; compiling it will say so.
            size += part.size();
            texts = reader.at < pattern.length() ? List.of() : part.texts();
            reader.at++;
        }
        return new Outline(size, texts);
    }

    /** To the parenthesis that closes, or the end. */
    private Outline alternatives() {
        Outline all = sequence();
        while (at < pattern.length() && pattern.charAt(at) == '|') {
            at++;
            all = new Outline(all.size() + 1 + sequence().size(), List.of());
        }
        return all;
    }

    private Outline sequence() {
        long size = 0;
        List<byte[]> texts = new ArrayList<>();
        StringBuilder run = new StringBuilder();
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            int character = pattern.charAt(at);
            Outline atom = new Outline(1, List.of());
            boolean plain = false;
            if (character == '(') {
                atom = group();
            } else if (character == '[') {
                pass(CLASS);
                atom = new Outline(ignoresCase ? FOLDED_CLASS_STEPS : 1, List.of());
            } else if (character == '\\' && pattern.startsWith("\\Q", at)) {
                int end = pattern.indexOf("\\E", at);
                int next = end < 0 ? pattern.length() : end + 2;
                atom = new Outline(next - at, List.of());
                at = next;
            } else if (character == '\\') {
                int from = at;
                pass(LONG_ESCAPE);
                character = pattern.charAt(at - 1);
                if (at - from > 2 && ignoresCase) {
                    atom = new Outline(FOLDED_CLASS_STEPS, List.of());
                }
                plain = at - from == 2 && !Character.isLetterOrDigit(character) && isSure(character);
            } else {
                at++;
                plain = ".^$*+?{".indexOf(character) < 0 && isSure(character);
            }
            Times times = times();
            size = Math.min(Integer.MAX_VALUE, size + atom.size() * Math.max(1, times.most()));
            if (plain && times.least() > 0) {
                run.append((char) LineText.fold(character));
            }
            if (!plain || !times.once()) {
                end(run, texts);
            }
            if (times.least() > 0) {
                texts.addAll(atom.texts());
            }
        }
        end(run, texts);
        return new Outline(size, texts);
    }

    /** Some letters of ASCII have a fellow elsewhere where case does not matter. */
    private boolean isSure(int character) {
        return LineText.isPlain(character) && !(ignoresCase && "kKsS".indexOf(character) >= 0);
    }

    private static void end(StringBuilder run, List<byte[]> texts) {
        if (!run.isEmpty()) {
            texts.add(run.toString().getBytes(US_ASCII));
            run.setLength(0);
        }
    }

    private Outline group() {
        at++;
        if (matchHere(FLAGS)) {
            return new Outline(0, List.of());
        }
        matchHere(GROUP_HEAD);
        Outline inside = alternatives();
        at++;
        return new Outline(inside.size() + 2, inside.texts());
    }

    private record Times(long least, long most, boolean once) {}

    /** Any number of quantifiers. */
    private Times times() {
        long least = 1;
        long most = 1;
        boolean once = true;
        while (at < pattern.length()) {
            char character = pattern.charAt(at);
            Matcher counted = COUNTED.matcher(pattern).region(at, pattern.length());
            if (character == '*' || character == '?') {
                // Also what makes another quantifier reluctant: then a text less is named.
                least = 0;
                most++;
                at++;
            } else if (character == '+') {
                most++;
                at++;
            } else if (character == '{' && counted.lookingAt()) {
                long from = Long.parseLong(counted.group(1));
                String to = counted.group(3);
                least *= from;
                most = Math.min(
                        Integer.MAX_VALUE,
                        most * (1 + Math.max(from, to == null || to.isEmpty() ? from : Long.parseLong(to))));
                at = counted.end();
            } else {
                break;
            }
            once = false;
        }
        return new Times(least, most, once);
    }

    private void pass(Pattern atom) {
        if (!matchHere(atom)) {
            at++;
        }
    }

    private boolean matchHere(Pattern wanted) {
        Matcher here = wanted.matcher(pattern).region(at, pattern.length());
        boolean matches = here.lookingAt();
        if (matches) {
            at = here.end();
        }
        return matches;
    }
}
