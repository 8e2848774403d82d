/**
 * What workloads use now. One answer asks metrics-service once; watchers share one question a second for all that is watched
 * ({@code StatsFeed}), and each gets the latest figures ({@code StatsReader}).
 */
@NullMarked
package io.spyhop.gateway.stats;

import org.jspecify.annotations.NullMarked;
