/**
 * How runs are executed. {@code RunLoop} compares the open runs of the workloads that this replica owns with the attempts that go
 * on here, begins what is due, and ends what was cancelled or takes too long. An {@link io.spyhop.jobs.run.Execution} does one
 * attempt; that of mode {@code run} makes a container like the service's ({@code Templates}), starts it, and waits for its end.
 * {@code RunStore} writes down each step before the next begins, {@code RunNews} publishes what changed, and {@code Leftovers}
 * removes containers whose output is stored.
 */
@NullMarked
package io.spyhop.jobs.run;

import org.jspecify.annotations.NullMarked;
