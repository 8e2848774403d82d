package io.spyhop.lifecycle.watch;

import io.spyhop.contracts.workload.InstanceTransition;
import java.util.Set;

/** What others of this service want of the watch of hosts by this replica. Thread-safe. */
public interface LocalWatch {
    /** The hosts that this replica watches at this moment. */
    Set<String> hosts();

    /** Spyhop itself is about to end a container: its end is to be judged as asked for, whatever events tell. */
    void expectEnd(String host, String containerId);

    /**
     * Publishes a note; returns when it is written.
     *
     * @throws Exception where it may not be
     */
    void tell(InstanceTransition note) throws Exception;
}
