/** Crashes of a workload: the list, one report, and a report as a file to send to somebody. */
@NullMarked
package io.spyhop.gateway.crashes;

import org.jspecify.annotations.NullMarked;
