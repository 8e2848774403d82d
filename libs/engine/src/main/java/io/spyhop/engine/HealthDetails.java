package io.spyhop.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an engine knows of how a container is asked for its health. Immutable.
 *
 * @param ports TCP ports that the container declares: first those that are published, ascending, then the others
 * @param addresses of the container in the engine's networks
 * @param check what the image's own health check told; null where there is none
 */
public record HealthDetails(
        List<Integer> ports,
        List<String> addresses,
        @Nullable Check check) {
    /** Copies the lists. */
    public HealthDetails {
        ports = List.copyOf(ports);
        addresses = List.copyOf(addresses);
    }

    /** How the engine finds the container. */
    public enum Status {
        /** Not judged yet. */
        STARTING,
        HEALTHY,
        UNHEALTHY
    }

    /**
     * An image's own health check, as the engine runs it.
     *
     * @param failures in a row
     * @param results the newest ones, oldest first
     */
    public record Check(Status status, int failures, List<Result> results) {
        /** Copies the results. */
        public Check {
            results = List.copyOf(results);
        }
    }

    /** One run of it. */
    public record Result(Instant at, Duration took, int exitCode) {}
}
