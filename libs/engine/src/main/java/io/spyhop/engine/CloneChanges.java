package io.spyhop.engine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a container that is made like another differs from it. Immutable. Its text shows neither the command nor the environment,
 * which may hold secrets.
 *
 * @param name that it gets
 * @param imageId what it runs; by what it contains
 * @param otherImage whether that is another image than the template's: then what the template has from its image is not taken along
 * @param entrypoint in place of the template's; null for that one
 * @param command in place of the template's
 * @param env variables beside the template's, or in place of those of the same name
 * @param workingDirectory null for the template's
 * @param labels beside those of the template that say nothing of who it is
 */
public record CloneChanges(
        String name,
        String imageId,
        boolean otherImage,
        @Nullable List<String> entrypoint,
        List<String> command,
        Map<String, String> env,
        @Nullable String workingDirectory,
        Map<String, String> labels) {
    /** Copies the collections. */
    public CloneChanges {
        entrypoint = entrypoint == null ? null : List.copyOf(entrypoint);
        command = List.copyOf(command);
        env = Map.copyOf(env);
        labels = Map.copyOf(labels);
    }

    @Override
    public String toString() {
        return "changes to " + name;
    }
}
