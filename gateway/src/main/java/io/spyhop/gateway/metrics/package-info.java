/** What workloads used: figures over time of one, of all that the caller may see, and who uses most. */
@NullMarked
package io.spyhop.gateway.metrics;

import org.jspecify.annotations.NullMarked;
