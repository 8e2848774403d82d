/**
 * Discovers workloads and owns their life cycle. In order: {@code watch} is assigned whole hosts, subscribes to their
 * engine's events and compares with full lists, asks {@code catalogue} which workload, index and generation a container
 * is, judges how its lives end, and publishes instances and transitions; {@code catalogue} keeps all that ever was and
 * answers for it. Who waits for something to do is woken by {@code signal}.
 */
@NullMarked
package io.spyhop.lifecycle;

import org.jspecify.annotations.NullMarked;
