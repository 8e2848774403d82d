package io.spyhop.engine;

import java.util.List;

/**
 * A container that was made like another. Immutable.
 *
 * @param id its full id
 * @param envKeys the names of the variables that it was given, in order; not those that are its image's alone
 */
public record ContainerClone(String id, List<String> envKeys) {
    /** Copies the names. */
    public ContainerClone {
        envKeys = List.copyOf(envKeys);
    }
}
