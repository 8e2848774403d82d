package io.spyhop.lifecycle.probe;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What came of asking once. Immutable.
 *
 * @param reason why it counts as failed, in Spyhop's own words: nothing that the container said; null where it does not
 */
record Answer(Way way, Duration latency, @Nullable String reason) {
    /** How a container was asked. */
    enum Way {
        /** From inside its network namespace. */
        NAMESPACE,
        /** At its address. */
        ADDRESS,
        /** By a program of its own. */
        EXEC,
        /** By the image's own health check. */
        ENGINE;

        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    boolean ok() {
        return reason == null;
    }
}
