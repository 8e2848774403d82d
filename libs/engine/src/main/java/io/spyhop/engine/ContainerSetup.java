package io.spyhop.engine;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a container was set up, as far as it matters to who judges its end and reports it. Immutable.
 *
 * @param imageDigest what the engine runs, whatever the image's name means now
 * @param envKeys the names of the environment's variables; the values may be secrets and are not kept
 * @param cpus of the host's; null where they are not limited
 * @param pids null where they are not limited
 * @param stopTimeout how long a stop waits before it kills; null for the engine's default
 * @param restartPolicy such as {@code on-failure}; {@code no} where there is none, null where it is not known
 */
public record ContainerSetup(
        @Nullable String imageDigest,
        List<String> envKeys,
        @Nullable Double cpus,
        @Nullable Long pids,
        @Nullable Duration stopTimeout,
        @Nullable String restartPolicy) {
    /** Nothing is known. */
    public static final ContainerSetup UNKNOWN = new ContainerSetup(null, List.of(), null, null, null, null);

    /** Copies the names. */
    public ContainerSetup {
        envKeys = List.copyOf(envKeys);
    }
}
