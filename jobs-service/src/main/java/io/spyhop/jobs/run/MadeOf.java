package io.spyhop.jobs.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an attempt runs and what of. Immutable.
 *
 * @param image by its name
 * @param imageDigest by what it contains; null where that is not known
 * @param envKeys the names of all its variables, in order
 */
public record MadeOf(
        String host,
        String containerId,
        String image,
        @Nullable String imageDigest,
        List<String> envKeys) {
    /** Copies the names. */
    public MadeOf {
        envKeys = List.copyOf(envKeys);
    }
}
