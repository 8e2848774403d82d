package io.spyhop.contracts.host;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.spyhop.contracts.log.CaptureWays;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A host as the API shows it. Immutable.
 *
 * @param endpoint where its engine is, without credentials
 * @param engine product and version, null until it answered once
 * @param apiVersion the newest version of its API, null until it answered once
 * @param lastContactAt when it last answered, to half a minute; null where it never did
 * @param changedAt since when it is in its state, null where nobody watched it yet
 * @param containers how many are watched, or were when it was last seen
 * @param capture how many logs are being read in which way, null where that cannot be asked now
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Host(
        String name,
        String endpoint,
        HostState state,
        @Nullable String engine,
        @Nullable String apiVersion,
        @Nullable Instant lastContactAt,
        @Nullable Instant changedAt,
        int containers,
        @Nullable CaptureWays capture) {
    /** The same with how its logs are read. */
    public Host with(CaptureWays ways) {
        return new Host(name, endpoint, state, engine, apiVersion, lastContactAt, changedAt, containers, ways);
    }
}
