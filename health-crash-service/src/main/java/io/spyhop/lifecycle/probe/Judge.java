package io.spyhop.lifecycle.probe;

import io.spyhop.engine.HealthDetails;
import io.spyhop.lifecycle.probe.HealthChange.Kind;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Counts the failures of one life, and says when it becomes unhealthy or healthy again. Not thread-safe. */
final class Judge {
    private final Instant life;
    private int failures;
    private boolean unhealthy;

    /**
     * Counts on.
     *
     * @param failures in a row so far
     * @param unhealthy whether that was told
     */
    Judge(Instant life, int failures, boolean unhealthy) {
        this.life = life;
        this.failures = failures;
        this.unhealthy = unhealthy;
    }

    /** Failures in a row. */
    int failures() {
        return failures;
    }

    /** Counts one probe: any success resets, so many failures in a row tell. */
    Optional<HealthChange> probed(Instant at, @Nullable String failure, int threshold) {
        failures = failure == null ? 0 : failures + 1;
        return decided(failures == 0 ? Boolean.FALSE : failures >= threshold ? Boolean.TRUE : null, at, failure);
    }

    /** Takes over what the engine found. */
    Optional<HealthChange> found(HealthDetails.Check check, Instant at, @Nullable String failure) {
        failures = check.failures();
        return switch (check.status()) {
            case HEALTHY -> decided(false, at, null);
            case UNHEALTHY -> decided(true, at, failure);
            case STARTING -> Optional.empty();
        };
    }

    /** What was found out before, and not told, because whoever did was stopped in between. */
    Optional<HealthChange> untold(int threshold, Instant at, @Nullable String failure) {
        return failures >= threshold && !unhealthy ? decided(true, at, failure) : Optional.empty();
    }

    private Optional<HealthChange> decided(@Nullable Boolean now, Instant at, @Nullable String failure) {
        if (now == null || now == unhealthy) {
            return Optional.empty();
        }
        unhealthy = now;
        return Optional.of(
                unhealthy
                        ? new HealthChange(life, Kind.UNHEALTHY, at, failures, failure)
                        : new HealthChange(life, Kind.HEALTHY, at, null, null));
    }
}
