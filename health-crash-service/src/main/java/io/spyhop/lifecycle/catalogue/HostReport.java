package io.spyhop.lifecycle.catalogue;

import io.spyhop.contracts.host.HostState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the watch of a host is. Immutable; what is null here stays as it was reported before.
 *
 * @param engine product and version, null where unknown
 * @param apiVersion null where unknown
 * @param lastEventAt the newest event, null where none came yet
 * @param lastContactAt when the engine last answered, null where it did not yet
 */
public record HostReport(
        HostState state,
        @Nullable String engine,
        @Nullable String apiVersion,
        @Nullable Instant lastEventAt,
        @Nullable Instant lastContactAt) {}
