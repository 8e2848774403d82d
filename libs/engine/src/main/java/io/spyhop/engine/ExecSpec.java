package io.spyhop.engine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command that is run inside a container, beside what runs there, as the container's own user. Immutable. Its text shows neither
 * the command nor the environment, which may hold secrets.
 *
 * @param env variables beside the container's own, in place of those of the same name
 * @param workingDirectory null for the container's
 */
public record ExecSpec(
        List<String> command,
        Map<String, String> env,
        @Nullable String workingDirectory) {
    /** Copies the collections. */
    public ExecSpec {
        command = List.copyOf(command);
        env = Map.copyOf(env);
    }

    @Override
    public String toString() {
        return "a command of " + command.size() + " words";
    }
}
