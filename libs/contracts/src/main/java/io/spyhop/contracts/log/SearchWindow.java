package io.spyhop.contracts.log;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * A part of the time that a search has examined of some workloads only: so many have lines in it that one call is not
 * enough. It ends where the query's {@code beforeNanos} is. Immutable.
 *
 * @param fromNanos its first time
 * @param throughWorkload the last workload that was examined; those with a higher id are left
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SearchWindow(long fromNanos, String throughWorkload) {}
