package io.spyhop.engine.docker;

import io.spyhop.engine.SignalName;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a stop signal as images name it: {@code SIGQUIT}, {@code QUIT}, {@code 3}, {@code SIGRTMIN+3}. */
final class StopSignal {
    private static final Pattern REAL_TIME = Pattern.compile("RT(?:MIN(?:\\+(\\d{1,2}))?|MAX(?:-(\\d{1,2}))?)");
    private static final int REAL_TIME_MIN = 34;
    private static final int REAL_TIME_MAX = 64;

    private StopSignal() {}

    /** The number; null for an empty text and for what is no signal. */
    static @Nullable Integer number(String text) {
        String name = text.strip().toUpperCase(Locale.ROOT);
        if (name.matches("\\d{1,2}")) {
            return Integer.valueOf(name);
        }
        String bare = name.startsWith("SIG") ? name.substring(3) : name;
        Matcher realTime = REAL_TIME.matcher(bare);
        if (realTime.matches()) {
            return bare.startsWith("RTMIN")
                    ? REAL_TIME_MIN + offset(realTime.group(1))
                    : REAL_TIME_MAX - offset(realTime.group(2));
        }
        OptionalInt number = SignalName.number(bare);
        return number.isPresent() ? number.getAsInt() : null;
    }

    private static int offset(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
