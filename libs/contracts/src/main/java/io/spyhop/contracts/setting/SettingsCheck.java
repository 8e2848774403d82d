package io.spyhop.contracts.setting;

import io.spyhop.contracts.setting.KnownSettings.Setting;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Finds settings that nobody knows and values that do not fit. A value whose type only another service has is left to
 * that one. Values of secrets are never shown. Immutable.
 */
final class SettingsCheck {
    /** A setting as it was found: under its key, or as a variable of the environment. */
    record Found(String name, @Nullable String value, String source) {}

    private static final Set<String> FLAGS = Set.of("true", "false", "yes", "no", "on", "off", "1", "0");
    private static final String LIST = "list:";
    private static final String SECRET = "secret:";

    private static final Pattern PROFILE = Pattern.compile("^%[^.]+\\.");
    private static final Pattern INDEX = Pattern.compile("\\[\\d+]$");
    private static final Pattern VARIABLE_INDEX = Pattern.compile("_\\d+_$");

    /** What Kubernetes puts into the environment of every container beside a service whose name begins with "spyhop". */
    private static final Pattern LINK = Pattern.compile(
            "SPYHOP_([A-Z0-9_]+_)?(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_\\d+_(TCP|UDP|SCTP)(_.*)?)");

    private static final Pattern LINK_VALUE = Pattern.compile("(tcp|udp|sctp)://.*");

    private final KnownSettings known;

    SettingsCheck(KnownSettings known) {
        this.known = known;
    }

    /** What is wrong, a sentence each. */
    List<String> problems(List<Found> all) {
        List<String> problems = new ArrayList<>();
        for (Found found : all) {
            String name = INDEX.matcher(PROFILE.matcher(found.name()).replaceFirst(""))
                    .replaceFirst("");
            if (name.startsWith(KnownSettings.KEYS)) {
                look(found, known.ofKey(name), name, known.nearestKey(name)).ifPresent(problems::add);
            } else if (name.startsWith(KnownSettings.VARIABLES) && !isLink(found)) {
                Optional<Setting> setting = known.ofVariable(name)
                        .or(() -> known.ofVariable(VARIABLE_INDEX.matcher(name).replaceFirst("")));
                look(found, setting, name, known.nearestVariable(name)).ifPresent(problems::add);
            }
        }
        return problems;
    }

    private Optional<String> look(Found found, Optional<Setting> setting, String name, Optional<String> nearest) {
        if (setting.isPresent()) {
            return wrong(found, setting.get());
        }
        String replacement = KnownSettings.REMOVED.get(name);
        if (replacement != null) {
            return Optional.of(
                    found.name() + " (" + found.source() + ") is no setting any more; it became " + replacement + ".");
        }
        return Optional.of("there is no setting " + found.name() + " (" + found.source() + ")"
                + nearest.map(meant -> "; did you mean " + meant + "?").orElse("; docs/configuration.md lists all."));
    }

    private boolean isLink(Found found) {
        return LINK.matcher(found.name()).matches()
                || (found.name().endsWith("_PORT")
                        && found.value() != null
                        && LINK_VALUE.matcher(found.value()).matches()
                        && known.ofVariable(found.name()).isEmpty());
    }

    private static Optional<String> wrong(Found found, Setting setting) {
        String type = setting.type();
        String value = found.value();
        // An expression is resolved later; nothing at all is the same as not set.
        if (type == null || value == null || value.isEmpty() || value.contains("${")) {
            return Optional.empty();
        }
        boolean secret = type.startsWith(SECRET);
        try {
            check(secret ? type.substring(SECRET.length()) : type, value);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            String shown = secret ? " its value" : " \"" + value + "\"";
            return Optional.of(found.name() + " (" + found.source() + "):" + shown + " is " + e.getMessage() + ".");
        }
    }

    private static void check(String type, String value) {
        if (type.startsWith(LIST)) {
            for (String each : value.split(",", -1)) {
                check(type.substring(LIST.length()), each.strip());
            }
        } else if (type.equals("boolean")) {
            if (!FLAGS.contains(value.strip().toLowerCase(java.util.Locale.ROOT))) {
                throw new IllegalArgumentException("neither true nor false");
            }
        } else if (type.equals("int") || type.equals("long")) {
            if (!value.strip().matches("-?\\d{1,18}")) {
                throw new IllegalArgumentException("not a whole number");
            }
        } else if (type.equals(Path.class.getName())) {
            if (value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("not a path");
            }
        } else if (type.equals(URI.class.getName())) {
            URI uri = URI.create(value);
            if (uri.getScheme() == null) {
                throw new IllegalArgumentException("not an address with a scheme, such as http://127.0.0.1:8081");
            }
        } else {
            converter(type).ifPresent(converter -> converter.convert(value));
        }
    }

    /** The converter of that name; none where it is no converter, or of a service that is not here. */
    private static Optional<Converter<?>> converter(String type) {
        try {
            Class<?> found = Class.forName(type, true, Thread.currentThread().getContextClassLoader());
            if (!Converter.class.isAssignableFrom(found)) {
                return Optional.empty();
            }
            return Optional.of((Converter<?>) found.getConstructor().newInstance());
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        } catch (InstantiationException
                | IllegalAccessException
                | InvocationTargetException
                | NoSuchMethodException e) {
            throw new IllegalStateException("a converter needs a public constructor without parameters: " + type, e);
        }
    }
}
