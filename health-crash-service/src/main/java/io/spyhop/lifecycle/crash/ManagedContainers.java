package io.spyhop.lifecycle.crash;

import io.spyhop.contracts.workload.InstanceState;

/** The containers that this installation made. Thread-safe. */
public interface ManagedContainers {
    /** The label that they bear; its value says whose they are. */
    String LABEL = "spyhop.managed";

    /** Whether this installation made it, and this replica looks after its host. */
    boolean isOurs(InstanceState instance);

    /**
     * Removes one. Does nothing where it is gone.
     *
     * @throws io.spyhop.engine.EngineException when its engine does not do it
     */
    void remove(InstanceState instance);
}
