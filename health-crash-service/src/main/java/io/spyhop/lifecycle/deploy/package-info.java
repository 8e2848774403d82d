/**
 * Does with workloads what somebody asked for. {@code Orders} takes a request and writes down an errand, in one
 * transaction with the status that is shown from then on; {@code ErrandLoop}, on the replica that watches the host, gives
 * each errand an {@code ErrandRun}; {@code CreateSteps} and {@code StopSteps} do a step, which may be done again, and
 * {@code Ledger} writes down that it was done, with the notes that tell of it, before the next one begins. So Spyhop may
 * end at any moment: whoever goes on begins with the step that is written down.
 */
@NullMarked
package io.spyhop.lifecycle.deploy;

import org.jspecify.annotations.NullMarked;
