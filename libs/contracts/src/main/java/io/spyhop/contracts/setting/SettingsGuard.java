package io.spyhop.contracts.setting;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.EnvConfigSource;
import io.spyhop.contracts.setting.SettingsCheck.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Checks all settings before anything reads one. It is called like a source of settings, after the others were found,
 * and gives none. Only in an application: while one is built, settings are nobody's yet.
 */
public final class SettingsGuard implements ConfigSourceFactory {
    /** Made by the framework's build, and there only where its result runs. */
    private static final String APPLICATION = "io.quarkus.runner.ApplicationImpl";

    /** What no service does without. */
    private static final String BROKERS = "kafka.bootstrap.servers";

    /** What a service with tables does not do without: the data source of each points here. */
    private static final String DATABASE = "quarkus.datasource.jdbc.url";

    private static final Pattern DATA_SOURCE = Pattern.compile("quarkus\\.datasource\\.[^.]+\\.jdbc\\.url");

    private static final ScopedValue<Boolean> EARLY = ScopedValue.newInstance();

    private static final Pattern FILE = Pattern.compile("source=([^\\]]+)]");

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        if (isApplication()) {
            List<String> problems = check(context.getConfigSources());
            if (!EARLY.isBound()) {
                problems.addAll(missing(context.getConfigSources()));
            }
            if (!problems.isEmpty()) {
                throw new SettingsException(problems);
            }
        }
        return List.of();
    }

    /**
     * Reads the settings before the application does, for who has something to prepare and adds settings itself: what
     * must be set need not be set yet.
     *
     * @throws SettingsException when something is wrong with them; says what
     */
    public static Config early() {
        return ScopedValue.where(EARLY, true).call(ConfigProvider::getConfig);
    }

    /** What is wrong with what these sources hold, a sentence each. */
    static List<String> check(Iterable<ConfigSource> sources) {
        List<Found> all = new ArrayList<>();
        for (ConfigSource source : sources) {
            all.addAll(found(source));
        }
        return new SettingsCheck(KnownSettings.load()).problems(all);
    }

    /** What must be set and is not, a sentence each. */
    static List<String> missing(Iterable<ConfigSource> sources) {
        List<String> missing = new ArrayList<>();
        if (!isSet(sources, BROKERS::equals)) {
            missing.add(BROKERS + " (KAFKA_BOOTSTRAP_SERVERS) is not set: name the Kafka brokers, host:port.");
        }
        if (isSet(sources, name -> DATA_SOURCE.matcher(name).matches()) && !isSet(sources, DATABASE::equals)) {
            missing.add(DATABASE + " (QUARKUS_DATASOURCE_JDBC_URL) is not set: name the PostgreSQL database,"
                    + " such as jdbc:postgresql://127.0.0.1:5432/spyhop.");
        }
        return missing;
    }

    private static boolean isSet(Iterable<ConfigSource> sources, Predicate<String> name) {
        for (ConfigSource source : sources) {
            for (String each : source.getPropertyNames()) {
                String value = name.test(each) ? source.getValue(each) : null;
                if (value != null && !value.isBlank()) {
                    return true;
                }
            }
        }
        return false;
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
