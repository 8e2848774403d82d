package io.spyhop.contracts.trace;

import org.jspecify.annotations.Nullable;

/**
 * The trace that the running thread works for. A thread that is started meanwhile does not inherit it: most of them live
 * longer than what started them. Thread-safe.
 */
public final class CurrentTrace {
    /** A filter begins and ends it in two methods, which a scoped value does not allow. */
    private static final ThreadLocal<@Nullable TraceContext> CURRENT = new ThreadLocal<>();

    private CurrentTrace() {}

    /** What is done for a trace. */
    @FunctionalInterface
    public interface Work<E extends Exception> {
        /** Does it. */
        void run() throws E;
    }

    /** The same with an outcome. */
    @FunctionalInterface
    public interface Question<T, E extends Exception> {
        /** Finds it. */
        T answer() throws E;
    }

    /** The trace; null where the thread works for none. */
    public static @Nullable TraceContext get() {
        return CURRENT.get();
    }

    /** Works for a trace, or for none, and then for what it did before. */
    public static <E extends Exception> void run(@Nullable TraceContext trace, Work<E> work) throws E {
        TraceContext before = CURRENT.get();
        set(trace);
        try {
            work.run();
        } finally {
            set(before);
        }
    }

    /** The same with an outcome. */
    public static <T, E extends Exception> T call(@Nullable TraceContext trace, Question<T, E> question) throws E {
        TraceContext before = CURRENT.get();
        set(trace);
        try {
            return question.answer();
        } finally {
            set(before);
        }
    }

    static void set(@Nullable TraceContext trace) {
        if (trace == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(trace);
        }
    }
}
