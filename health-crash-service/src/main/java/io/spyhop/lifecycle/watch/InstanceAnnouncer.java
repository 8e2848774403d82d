package io.spyhop.lifecycle.watch;

import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceTransition;
import java.util.List;

/** Tells the other services about containers. Thread-safe. Throws where a record may not have been written. */
interface InstanceAnnouncer {
    /** How a container is, then what happened to it; returns when all of it is written. */
    void announce(InstanceState state, List<InstanceTransition> transitions) throws Exception;

    /** What happened to a container at its end, then that it is gone; returns when all of it is written. */
    void announceGone(InstanceState last, List<InstanceTransition> transitions) throws Exception;

    /** The engine found out something about a container's health. */
    default void healthTold(String containerId) {}

    /** The watch ends, and nothing more is announced. */
    default void close() {}
}
