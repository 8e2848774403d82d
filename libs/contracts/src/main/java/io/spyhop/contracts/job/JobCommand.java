package io.spyhop.contracts.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a job runs: a list of arguments, which takes the place of the image's command and keeps its entrypoint, or one line for
 * {@code /bin/sh -c}, which takes the place of both. On the wire an array of texts, or one text. Immutable. Its text shows nothing
 * of it, for it may hold secrets.
 *
 * @param arguments empty where there is a line
 * @param line null where there are arguments
 */
public record JobCommand(List<String> arguments, @Nullable String line) {
    /** Copies the arguments. */
    public JobCommand {
        arguments = List.copyOf(arguments);
    }

    /**
     * Reads it from the wire.
     *
     * @throws IllegalArgumentException where it is neither a text nor an array of texts
     */
    @JsonCreator
    public static JobCommand of(Object wire) {
        if (wire instanceof String line) {
            return new JobCommand(List.of(), line);
        }
        if (wire instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return new JobCommand(list.stream().map(String.class::cast).toList(), null);
        }
        throw new IllegalArgumentException("a command is a text or a list of texts");
    }

    /** As it is on the wire. */
    @JsonValue
    public Object wire() {
        return line == null ? arguments : line;
    }

    /** All of it, as the engine takes it; a line with the shell before it. */
    public List<String> argv() {
        return line == null ? arguments : List.of("/bin/sh", "-c", line);
    }

    @Override
    public String toString() {
        return line == null ? "a command of " + arguments.size() + " arguments" : "a shell line";
    }
}
