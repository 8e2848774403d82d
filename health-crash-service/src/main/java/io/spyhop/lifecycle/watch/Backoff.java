package io.spyhop.lifecycle.watch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a Docker engine waits before it restarts a container: twice as long each time, from the beginning again after a
 * life of ten seconds. The engine tells nobody, so it is computed as the engine does. Confined to the container's lane.
 */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration MAX = Duration.ofMinutes(1);
    private static final Duration LONG_LIFE = Duration.ofSeconds(10);

    /** Doublings beyond which it is the longest anyway. */
    private static final int STEPS_MAX = 20;

    private int steps = -1;

    /**
     * The wait before a restart.
     *
     * @param restart which one it is since somebody started the container, from 1
     * @param life how long the container had lived; null where that is not known
     */
    Duration before(int restart, @Nullable Duration life) {
        if (restart <= 1 || (life != null && life.compareTo(LONG_LIFE) >= 0)) {
            steps = 0;
        } else {
            // Where the former lives are not known, all of them are taken for short: a long one is no trouble.
            steps = steps < 0 ? restart - 1 : steps + 1;
        }
        steps = Math.min(steps, STEPS_MAX);
        Duration wait = FIRST.multipliedBy(1L << steps);
        return wait.compareTo(MAX) < 0 ? wait : MAX;
    }
}
