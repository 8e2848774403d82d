/**
 * Samples from the topic to the database: {@code SampleConsumer} reads batches of them, {@code SampleStore} writes each once.
 * {@code RollUpStore} makes five minutes and hours of them, {@code RetentionStore} drops what is old, whole days and
 * months at a time; {@code StoreSchedule} calls both.
 */
@NullMarked
package io.spyhop.metrics.store;

import org.jspecify.annotations.NullMarked;
