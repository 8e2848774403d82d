package io.spyhop.contracts.setting;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.EnvConfigSource;
import io.spyhop.contracts.setting.SettingsCheck.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Checks all settings before anything reads one. It is called like a source of settings, after the others were found,
 * and gives none. Only in an application: while one is built, settings are nobody's yet.
 */
public final class SettingsGuard implements ConfigSourceFactory {
    /** Made by the framework's build, and there only where its result runs. */
    private static final String APPLICATION = "io.quarkus.runner.ApplicationImpl";

    private static final Pattern FILE = Pattern.compile("source=([^\\]]+)]");

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        if (isApplication()) {
            check(context.getConfigSources());
        }
        return List.of();
    }

    /**
     * Checks what these sources hold.
     *
     * @throws SettingsException when something is wrong with it; says what
     */
    static void check(Iterable<ConfigSource> sources) {
        List<Found> all = new ArrayList<>();
        for (ConfigSource source : sources) {
            all.addAll(found(source));
        }
        List<String> problems = new SettingsCheck(KnownSettings.load()).problems(all);
        if (!problems.isEmpty()) {
            throw new SettingsException(problems);
        }
    }

    private static List<Found> found(ConfigSource source) {
        boolean environment = source instanceof EnvConfigSource;
        // The environment offers every variable under a second name too; its map has those that are set.
        Iterable<String> names =
                new TreeSet<>(environment ? source.getProperties().keySet() : source.getPropertyNames());
        List<Found> found = new ArrayList<>();
        for (String name : names) {
            if (name.contains(environment ? KnownSettings.VARIABLES : KnownSettings.KEYS)) {
                found.add(new Found(name, source.getValue(name), place(source)));
            }
        }
        return found;
    }

    private static String place(ConfigSource source) {
        String name = source.getName();
        Matcher file = FILE.matcher(name);
        if (file.find()) {
            return "in " + file.group(1).replaceFirst("^file:", "");
        }
        if (source instanceof EnvConfigSource) {
            return "in the environment";
        }
        return name.startsWith("SysProp") ? "a system property" : "in " + name;
    }

    private static boolean isApplication() {
        try {
            Class.forName(APPLICATION, false, Thread.currentThread().getContextClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
