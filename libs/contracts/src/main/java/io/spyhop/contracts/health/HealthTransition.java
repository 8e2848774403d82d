package io.spyhop.contracts.health;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An instance became unhealthy, or healthy again. Immutable.
 *
 * @param type {@code unhealthy} or {@code healthy}
 * @param failures in a row; null for healthy
 * @param reason of the last of them
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HealthTransition(
        Instant at,
        String type,
        @Nullable Integer failures,
        @Nullable String reason) {}
