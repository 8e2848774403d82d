/**
 * Asks containers for their health. In order: {@code HostProbes} is told by a host's watcher which lives there are; {@code
 * Plan} says how each is asked, from the API, labels and settings; {@code Prober} does so when it is time, by {@code Asker};
 * {@code Judge} counts, and what changes is told back to the watcher, which alone writes records; {@code ProbeWriter}
 * stores every probe, and {@code HealthResource} answers for them. Nothing is ever restarted because of a probe.
 */
@NullMarked
package io.spyhop.lifecycle.probe;

import org.jspecify.annotations.NullMarked;
