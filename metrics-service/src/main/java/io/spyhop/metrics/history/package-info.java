/**
 * Questions for stored figures: a {@code Plan} says from which table and in which steps, {@code SeriesReader} and {@code
 * SampleReader} ask the database.
 */
@NullMarked
package io.spyhop.metrics.history;

import org.jspecify.annotations.NullMarked;
