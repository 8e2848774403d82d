package io.spyhop.contracts.health;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One time that an instance was asked. Immutable.
 *
 * @param at when it was asked
 * @param latencyMs until the answer was there, or it was clear that none comes
 * @param way {@code namespace}, {@code address}, {@code exec}, or {@code engine} for the image's own health check
 * @param reason why it counts as failed; null where it does not
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HealthProbe(
        Instant at,
        boolean ok,
        double latencyMs,
        String way,
        @Nullable String reason) {}
