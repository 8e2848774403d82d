package io.spyhop.logs.capture;

import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.messaging.WorkloadTable.Acknowledgement;

/** A transition on its way to a system line. Used by its workload's capture; only {@code stored} is set elsewhere. */
final class PendingTransition {
    private final InstanceTransition transition;
    private final Acknowledgement acknowledgement;
    private final long since = System.nanoTime();
    private long appendedUnder;
    private volatile boolean stored;

    PendingTransition(InstanceTransition transition, Acknowledgement acknowledgement) {
        this.transition = transition;
        this.acknowledgement = acknowledgement;
    }

    InstanceTransition transition() {
        return transition;
    }

    long ageNanos() {
        return System.nanoTime() - since;
    }

    boolean appendedUnder(long epoch) {
        return appendedUnder == epoch;
    }

    void markAppended(long epoch) {
        appendedUnder = epoch;
    }

    void markStored() {
        stored = true;
    }

    /** Whether its line is stored; acknowledges it then. */
    boolean finished() {
        if (stored) {
            acknowledgement.done();
        }
        return stored;
    }
}
