package io.spyhop.contracts.setting;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All settings of all services, and the variables of the launcher and of tests, from a generated file. A {@code *} in a
 * key stands for one name, in a variable for the rest. Immutable.
 */
final class KnownSettings {
    /** Each line has a key and its type, or a variable alone. */
    static final String RESOURCE = "/META-INF/spyhop/settings.txt";

    /** Keys and variables that once were, and what replaces each. A start with one of them says so. */
    static final Map<String, String> REMOVED = Map.of();

    /** What has so many of its letters wrong was not meant, in percent. */
    private static final int WRONG_MAX = 60;

    /** A setting; its key and its variable, as patterns too. */
    record Setting(String key, @Nullable String type, Pattern keys, Pattern variables) {
        static Setting of(String line) {
            String[] parts = line.split(" ", 2);
            String key = parts[0];
            return new Setting(
                    key,
                    parts.length > 1 ? parts[1] : null,
                    pattern(key, "(\"[^\"]+\"|[^.\"]+)"),
                    pattern(variableOf(key), "[A-Z0-9_]+"));
        }

        boolean isVariable() {
            return type == null && key.startsWith(VARIABLES);
        }
    }

    static final String KEYS = "spyhop.";
    static final String VARIABLES = "SPYHOP_";

    private final List<Setting> settings;

    private KnownSettings(List<Setting> settings) {
        // The longest first: what ends in a name that users choose would take others for it.
        this.settings = settings.stream()
                .sorted(Comparator.comparingInt((Setting each) -> each.key().length())
                        .reversed())
                .toList();
    }

    static KnownSettings load() {
        try (InputStream in = Objects.requireNonNull(KnownSettings.class.getResourceAsStream(RESOURCE), RESOURCE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return of(lines.lines());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static KnownSettings of(Stream<String> lines) {
        return new KnownSettings(lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(Setting::of)
                .toList());
    }

    Optional<Setting> ofKey(String key) {
        return find(key, Setting::keys);
    }

    Optional<Setting> ofVariable(String variable) {
        return find(variable, Setting::variables);
    }

    /** The known key that is most like an unknown one, if any is. */
    Optional<String> nearestKey(String unknown) {
        return nearest(
                unknown, settings.stream().filter(each -> !each.isVariable()).map(Setting::key));
    }

    /** The known variable that is most like an unknown one, if any is. */
    Optional<String> nearestVariable(String unknown) {
        return nearest(unknown, settings.stream().map(each -> variableOf(each.key())));
    }

    static String variableOf(String key) {
        return key.replaceAll("[^A-Za-z0-9*]", "_").toUpperCase(Locale.ROOT);
    }

    private Optional<Setting> find(String name, Function<Setting, Pattern> pattern) {
        return settings.stream()
                .filter(each -> pattern.apply(each).matcher(name).matches())
                .findFirst();
    }

    private static Pattern pattern(String name, String any) {
        List<String> parts = new ArrayList<>();
        for (String part : name.split("\\*", -1)) {
            parts.add(Pattern.quote(part));
        }
        return Pattern.compile(String.join(any, parts));
    }

    /** All begin alike, so only what follows counts. */
    private static Optional<String> nearest(String unknown, Stream<String> known) {
        String best = null;
        int least = WRONG_MAX + 1;
        for (String each : known.toList()) {
            String meant = each.substring(Math.min(KEYS.length(), each.length()));
            String written = unknown.substring(Math.min(KEYS.length(), unknown.length()));
            int longer = Math.max(1, Math.max(meant.length(), written.length()));
            int wrong = 100 * distance(written, meant) / longer;
            if (wrong < least) {
                least = wrong;
                best = each;
            }
        }
        return Optional.ofNullable(best).map(name -> name.replace("*", "<name>"));
    }

    /** How many letters must be put in, taken out or exchanged (Levenshtein). */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int exchanged = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(exchanged, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
