package io.spyhop.contracts.health;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How an instance is asked for its health. Immutable.
 *
 * @param by {@code probe}, {@code engine} where the image's own health check is taken, or {@code none}
 * @param port of the probe
 * @param path of the probe
 * @param timeoutMs of the probe
 * @param threshold of the probe
 * @param reason why nobody asks
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HealthCheck(
        String by,
        @Nullable Integer port,
        @Nullable String path,
        @Nullable Integer intervalSeconds,
        @Nullable Integer timeoutMs,
        @Nullable Integer threshold,
        @Nullable String reason) {}
