/**
 * The Kafka mechanism that every service uses: {@link io.spyhop.messaging.TopicAdmin} makes the topics, {@link
 * io.spyhop.messaging.TopicPublisher} writes, {@link io.spyhop.messaging.BatchConsumer} reads as a group and sets poison
 * aside, {@link io.spyhop.messaging.TopicTail} reads live ends, and {@link io.spyhop.messaging.WorkloadTable} shares
 * workloads among the replicas of a service.
 */
@NullMarked
package io.spyhop.messaging;

import org.jspecify.annotations.NullMarked;
