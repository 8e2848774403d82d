package io.spyhop.contracts.metric;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * One point of a series; {@code [at,value]} as JSON. Immutable.
 *
 * @param at the begin of its bucket, milliseconds since the epoch
 * @param value in the unit of the series
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"at", "value"})
public record Point(long at, double value) {}
