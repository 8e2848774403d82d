package io.spyhop.contracts.health;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How a workload is to be asked for its health, as it is set by API. Immutable. Null falls back to the containers' labels,
 * then to the settings.
 *
 * @param enabled false for never
 * @param port that answers inside the container
 * @param path with its query, if any
 * @param intervalSeconds from one request to the next
 * @param timeoutMs for the whole of a request
 * @param threshold failures in a row that make it unhealthy
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HealthSettings(
        @Nullable Boolean enabled,
        @Nullable Integer port,
        @Nullable String path,
        @Nullable Integer intervalSeconds,
        @Nullable Integer timeoutMs,
        @Nullable Integer threshold) {
    /** Nothing is set. */
    public static final HealthSettings NONE = new HealthSettings(null, null, null, null, null, null);
}
