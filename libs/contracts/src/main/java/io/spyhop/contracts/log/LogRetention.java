package io.spyhop.contracts.log;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long a workload's lines are kept, where that comes from, and what is stored. Immutable.
 *
 * @param output the age at which output is removed, such as {@code 7d}, or {@code forever}
 * @param outputFrom {@code api}, {@code label} or {@code default}
 * @param system the age at which system lines are removed
 * @param systemFrom as above
 * @param maxBytes the most stored bytes
 * @param maxBytesFrom as above
 * @param storedBytes compressed, filters included
 * @param rawBytes of the stored lines as JSON
 * @param oldestAt the time of the oldest line; null where there is none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LogRetention(
        String output,
        String outputFrom,
        String system,
        String systemFrom,
        long maxBytes,
        String maxBytesFrom,
        long storedBytes,
        long rawBytes,
        long lines,
        @Nullable Instant oldestAt) {}
