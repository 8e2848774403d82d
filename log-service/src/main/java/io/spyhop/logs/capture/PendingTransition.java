package io.spyhop.logs.capture;

import io.spyhop.contracts.workload.InstanceTransition;
import io.spyhop.logs.LogLimits;
import io.spyhop.messaging.WorkloadTable.Acknowledgement;
import java.util.function.BooleanSupplier;

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
    private Part part = Part.ALL;
    private volatile boolean stored;
    private volatile Telling telling;

    private enum Telling {
        NOT_BEGUN,
        GOING_ON,
        DONE
    }

    /** What the evidence of an end tells. */
    enum Part {
        /** The life's output was known to its end before the line of that end was written. */
        ALL,
        /** It was not: there may be a rest. */
        BEGINNING,
        /** All, with lines that came after that of the end. */
        WITH_REST
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

    /** Its line is numbered. Unless all output before it is known, its evidence is told again later. */
    void markAppended(long epoch, boolean outputKnown) {
        appendedUnder = epoch;
        if (part == Part.ALL && !outputKnown) {
            part = Part.BEGINNING;
        }
    }

    Part part() {
        return part;
    }

    /** Whether it waits until the rest of the output is stored. */
    boolean awaitsRest() {
        return telling == Telling.NOT_BEGUN && part == Part.WITH_REST;
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

    /**
     * Whether its evidence is to be told now; it is taken for begun then.
     *
     * @param restStored whether all of the life's output is known and stored
     */
    boolean beginTelling(BooleanSupplier restStored) {
        if (!stored || telling != Telling.NOT_BEGUN) {
            return false;
        }
        boolean due =
                part != Part.WITH_REST || restStored.getAsBoolean() || ageNanos() > LogLimits.REST_PATIENCE.toNanos();
        telling = due ? Telling.GOING_ON : telling;
        return due;
    }

    /** The evidence is told, or is to be told anew, or again with the rest. */
    void markTold(boolean told) {
        boolean more = told && part == Part.BEGINNING;
        part = more ? Part.WITH_REST : part;
        telling = told && !more ? Telling.DONE : Telling.NOT_BEGUN;
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
