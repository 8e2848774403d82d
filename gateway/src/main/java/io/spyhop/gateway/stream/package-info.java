/**
 * Live lines for many readers. {@link io.spyhop.gateway.stream.LineFeeds} receives batches from the lines topic and
 * hands a reference to each to the {@link io.spyhop.gateway.stream.Feed} of its workload, which puts it into the queue
 * of every subscriber. A {@link io.spyhop.gateway.stream.Reader} is one virtual thread that joins stored history with
 * live batches by their numbers, without a gap and without a repeat, and writes through a {@link
 * io.spyhop.gateway.stream.LineWriter} as fast as its client reads. A batch is decompressed once and rendered once a
 * format, however many read it.
 */
@NullMarked
package io.spyhop.gateway.stream;

import org.jspecify.annotations.NullMarked;
