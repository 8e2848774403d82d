package io.spyhop.jobs.run;

import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** The threads of an attempt that goes on here. Thread-safe. */
final class Running {
    private final int attempt;
    private final Execution execution;
    private volatile @Nullable Thread work;
    private @Nullable Thread stop;
    private boolean over;

    Running(int attempt, Execution execution) {
        this.attempt = attempt;
        this.execution = execution;
    }

    int attempt() {
        return attempt;
    }

    void start(String name, Runnable attempting) {
        Thread thread = Thread.ofVirtual().name(name).unstarted(attempting);
        work = thread;
        thread.start();
    }

    /** Has what runs end; does nothing where that is under way. */
    synchronized void end(DueRun due, RunStore store, Clock clock) {
        if (stop == null && !over) {
            stop = Thread.ofVirtual().name("stop-" + due.id()).start(new RunStop(due, execution, store, clock));
        }
    }

    /** The attempt is over: nothing is left to end. */
    synchronized void over() {
        over = true;
        if (stop != null) {
            stop.interrupt();
        }
    }

    void interrupt() {
        Thread thread = work;
        if (thread != null) {
            thread.interrupt();
        }
    }

    void join() throws InterruptedException {
        Thread thread = work;
        if (thread != null) {
            thread.join();
        }
    }
}
