/**
 * Measuring: {@code SampleShare} is told which containers there are, {@code Sampler} keeps a {@code Meter} for each life of
 * one and sweeps over them, {@code Outbox} publishes samples and evidence, {@code UsageReader} tells what is used now.
 */
@NullMarked
package io.spyhop.metrics.sample;

import org.jspecify.annotations.NullMarked;
