package io.spyhop.gateway.stream;

/** Where a reader begins. */
sealed interface Start {
    /** Strictly after a line. */
    record After(long lineNo) implements Start {}

    /** With the first line of a time, nanoseconds since the epoch. */
    record Since(long nanos) implements Start {}

    /** With the newest lines. */
    record Tail(int lines) implements Start {}

    /** With what comes from now on. */
    record Now() implements Start {}
}
