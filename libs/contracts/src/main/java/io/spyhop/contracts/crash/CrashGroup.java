package io.spyhop.contracts.crash;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;

/**
 * Crashes of a workload that are equal: of the same exit code, with the same last error but for what varies. Immutable.
 *
 * @param fingerprint stands for what is equal
 * @param count how many there were, those included whose reports are gone
 * @param firstAt when the first one was
 * @param firstN the number of the first one
 * @param lastAt when the last one was
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CrashGroup(String fingerprint, long count, Instant firstAt, int firstN, Instant lastAt) {}
