package io.spyhop.lifecycle.probe;

import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.contracts.workload.InstanceStatus;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.HealthDetails;
import io.spyhop.lifecycle.probe.Plan.By;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One life of one container, and how it is asked. One thread at a time has its {@link #turn}; what is volatile others set.
 */
final class Target {
    private static final int UNREACHED = 2;

    private final ContainerEngine engine;
    private final Semaphore engineCalls;
    private final HealthListener listener;
    private final Instant life;
    private final int phase;
    private final AtomicBoolean turn = new AtomicBoolean();
    private volatile InstanceState state;
    private volatile boolean closed;
    private volatile @Nullable Plan plan;
    private volatile long slot;
    private volatile long planAt;
    private volatile boolean soon;

    // Of whoever has the turn.
    private Judge judge;
    private int row;
    private boolean execFirst;
    private int unreached;
    private Instant readUpTo;

    Target(ContainerEngine engine, Semaphore engineCalls, HealthListener listener, InstanceState state, Instant life) {
        this.engine = engine;
        this.engineCalls = engineCalls;
        this.listener = listener;
        this.state = state;
        this.life = life;
        this.judge = new Judge(life, 0, state.status() == InstanceStatus.UNHEALTHY);
        this.readUpTo = life;
        // Ids are random: this spreads probes over the interval, and the same way after each start.
        this.phase = state.containerId().hashCode();
    }

    ContainerEngine engine() {
        return engine;
    }

    /** What the engine knows of its health, asked when it is this one's turn with it. */
    Optional<HealthDetails> details() throws InterruptedException {
        engineCalls.acquire();
        try {
            return engine.health(state.containerId());
        } finally {
            engineCalls.release();
        }
    }

    HealthListener listener() {
        return listener;
    }

    Instant life() {
        return life;
    }

    InstanceState state() {
        return state;
    }

    void update(InstanceState newest) {
        state = newest;
    }

    void close() {
        closed = true;
    }

    boolean closed() {
        return closed;
    }

    @Nullable
    Plan plan() {
        return plan;
    }

    /** Forgets how it is asked, so that this is found out again at once. */
    void planAgain() {
        plan = null;
        planAt = 0;
    }

    /** Has the engine asked without waiting for the time to come, where it is the engine that finds out. */
    void readSoon() {
        soon = true;
    }

    /** Whether somebody wants it read. */
    boolean soon() {
        Plan known = plan;
        return soon && known != null && known.by() == By.ENGINE;
    }

    /** Whether it is to be asked, or how is to be found out; counts as done then. */
    boolean due(long nowMillis) {
        Plan known = plan;
        if (known == null) {
            if (nowMillis < planAt) {
                return false;
            }
            planAt = nowMillis + ProbeLimits.PLAN_AGAIN.toMillis();
            return true;
        }
        // What is frozen cannot answer, and what is being stopped need not.
        boolean answers = state.status().answers();
        long now = slot(nowMillis, known);
        if (known.by() == By.NONE || (now == slot && !soon())) {
            return false;
        }
        slot = now;
        return answers;
    }

    /** When {@link #due} says so next; never where nobody is to be asked. */
    long dueAt() {
        Plan known = plan;
        if (known == null) {
            return planAt;
        }
        long interval = known.interval().toMillis();
        return known.by() == By.NONE ? Long.MAX_VALUE : (slot + 1) * interval + Math.floorMod(phase, interval);
    }

    private long slot(long nowMillis, Plan known) {
        long interval = known.interval().toMillis();
        return Math.floorDiv(nowMillis - Math.floorMod(phase, interval), interval);
    }

    /** Takes the turn; false while another thread has it. */
    boolean take() {
        return turn.compareAndSet(false, true);
    }

    void giveBack() {
        turn.set(false);
    }

    // ---- With the turn ----

    /** How it is asked is known now. */
    void planned(Plan found, int storedAs, Judge counted, long nowMillis) {
        row = storedAs;
        judge = counted;
        slot = slot(nowMillis, found);
        plan = found;
    }

    /** What was wanted is being done. */
    void reading() {
        soon = false;
    }

    Judge judge() {
        return judge;
    }

    /** The number under which it is stored. */
    int row() {
        return row;
    }

    /**
     * Notes whether a way led to it. Twice none is news, for once may have been its end, and so is one after that.
     *
     * @return whether it is news
     */
    boolean reached(boolean now) {
        boolean told = unreached >= UNREACHED;
        unreached = now ? 0 : unreached + 1;
        return now ? told : unreached == UNREACHED;
    }

    boolean execFirst() {
        return execFirst;
    }

    void execFirst(boolean first) {
        execFirst = first;
    }

    /** Up to which of the engine's results this was told. */
    Instant readUpTo() {
        return readUpTo;
    }

    void readUpTo(Instant at) {
        readUpTo = at;
    }
}
