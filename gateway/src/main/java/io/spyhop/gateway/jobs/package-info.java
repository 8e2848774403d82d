/**
 * Jobs of a workload, and their runs: definitions as clients write and see them, runs on demand, their history. What a run wrote
 * is read at the log addresses of the workload that the run is; the door leads there.
 */
@NullMarked
package io.spyhop.gateway.jobs;

import org.jspecify.annotations.NullMarked;
