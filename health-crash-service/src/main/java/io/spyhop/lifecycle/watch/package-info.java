/**
 * Watches hosts. {@code Watching} starts everything; {@code HostOwnership} shares the hosts among the replicas; a
 * {@code HostWatcher} follows one host's events and compares with full lists, one lane per container so that nothing
 * queues behind another container; {@code LifeJudge} says how a life began and ended; {@code KafkaAnnouncer} publishes
 * it. The catalogue is written after the topics, so a crash in between repeats a record and loses none.
 */
@NullMarked
package io.spyhop.lifecycle.watch;

import org.jspecify.annotations.NullMarked;
