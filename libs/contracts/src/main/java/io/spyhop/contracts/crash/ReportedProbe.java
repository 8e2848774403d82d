package io.spyhop.contracts.crash;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One health request before a crash. Immutable.
 *
 * @param latencyMs null where no answer came
 * @param reason why it counts as failed; null where it does not
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReportedProbe(
        Instant at,
        boolean ok,
        @Nullable Double latencyMs,
        @Nullable String reason) {}
