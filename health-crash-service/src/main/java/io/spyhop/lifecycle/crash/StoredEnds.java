package io.spyhop.lifecycle.crash;

import java.time.Instant;

/** Knows of which lives the output is stored to its end. Thread-safe. */
public interface StoredEnds {
    /** Whether the output of the container's life that began then, or of a later one, is stored to its end. */
    boolean stored(String containerId, Instant lifeStartedAt);
}
