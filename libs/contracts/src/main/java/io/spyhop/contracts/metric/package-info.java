/** Resource use as it travels: samples, snapshots, series, and how metrics-service is asked for them. */
@NullMarked
package io.spyhop.contracts.metric;

import org.jspecify.annotations.NullMarked;
