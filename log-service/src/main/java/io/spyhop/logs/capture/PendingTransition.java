package io.spyhop.logs.capture;

import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.messaging.WorkloadTable.Acknowledgement;

/**
 * A transition on its way to a system line, and, where it ends a life, to the evidence of that end. Used by its workload's
 * capture; only what {@code mark} says is said elsewhere too.
 */
final class PendingTransition {
    private final InstanceTransition transition;
    private final Acknowledgement acknowledgement;
    private final long since = System.nanoTime();
    private long appendedUnder;
    private long number = -1;
    private volatile boolean stored;
    private volatile Telling telling;

    private enum Telling {
        NOT_BEGUN,
        GOING_ON,
        DONE
    }

    PendingTransition(InstanceTransition transition, Acknowledgement acknowledgement) {
        this.transition = transition;
        this.acknowledgement = acknowledgement;
        this.telling = switch (transition.type()) {
            case STOPPED, EXITED, CRASHED -> Telling.NOT_BEGUN;
            case STARTED, UNHEALTHY, HEALTHY, RESTARTING, REMOVED, NOTE, UNKNOWN -> Telling.DONE;
        };
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

    /** The number of its line; negative where that was stored before. */
    void markNumber(long lineNo) {
        number = lineNo;
    }

    long number() {
        return number;
    }

    void markStored() {
        stored = true;
    }

    /** Whether its evidence is to be told now; it is taken for begun then. */
    boolean beginTelling() {
        boolean due = stored && telling == Telling.NOT_BEGUN;
        telling = due ? Telling.GOING_ON : telling;
        return due;
    }

    /** The evidence is told, or is to be told anew. */
    void markTold(boolean told) {
        telling = told ? Telling.DONE : Telling.NOT_BEGUN;
    }

    /** Whether its line is stored and everything told; acknowledges it then. */
    boolean finished() {
        boolean finished = stored && telling == Telling.DONE;
        if (finished) {
            acknowledgement.done();
        }
        return finished;
    }
}
