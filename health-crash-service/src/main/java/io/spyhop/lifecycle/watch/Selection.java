package io.spyhop.lifecycle.watch;

import java.util.Map;

/**
 * Which containers are watched. Immutable.
 *
 * @param labelledOnly whether only those with a label of Spyhop's
 */
record Selection(boolean labelledOnly) {
    private static final String PREFIX = "spyhop.";
    private static final String ENABLE = PREFIX + "enable";

    /** Whether a container with these labels is watched. */
    boolean selects(Map<String, String> labels) {
        if ("false".equalsIgnoreCase(labels.get(ENABLE))) {
            return false;
        }
        return !labelledOnly || labels.keySet().stream().anyMatch(label -> label.startsWith(PREFIX));
    }
}
