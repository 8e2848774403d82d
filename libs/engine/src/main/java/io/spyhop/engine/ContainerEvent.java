package io.spyhop.engine;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that the engine did to a container or saw it do. Immutable.
 *
 * @param at to the nanosecond
 * @param action one of {@link ContainerEngine#EVENT_ACTIONS}
 * @param attributes labels and, among others, {@code name}, {@code exitCode} of a die, {@code signal} of a kill
 */
public record ContainerEvent(Instant at, String containerId, String action, Map<String, String> attributes) {
    /** Copies the attributes. */
    public ContainerEvent {
        attributes = Map.copyOf(attributes);
    }

    /** The exit code of a {@code die}; null on other actions. */
    public @Nullable Integer exitCode() {
        return number("exitCode");
    }

    /** The signal's number of a {@code kill}; null on other actions. */
    public @Nullable Integer signal() {
        return number("signal");
    }

    private @Nullable Integer number(String name) {
        String text = attributes.get(name);
        return text != null && text.matches("\\d{1,9}") ? Integer.valueOf(text) : null;
    }
}
