package io.spyhop.contracts.log;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * What one call of a deletion has done. Immutable.
 *
 * @param lines how many lines this call has deleted
 * @param more whether others are left that it was to delete
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LinesDeletion(long lines, boolean more) {}
