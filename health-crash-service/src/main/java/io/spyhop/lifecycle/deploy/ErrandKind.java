package io.spyhop.lifecycle.deploy;

/** What was asked for, and where it begins. */
enum ErrandKind {
    CREATE("[CREATE]", Step.IMAGE),
    /** A creation has failed: what it did is undone. */
    UNDO("[UNDO]", Step.REMOVE),
    STOP("[STOP]", Step.SIGNAL),
    RESTART("[RESTART]", Step.SIGNAL);

    private final String mark;
    private final Step first;

    ErrandKind(String mark, Step first) {
        this.mark = mark;
        this.first = first;
    }

    /** How its notes begin. */
    String mark() {
        return mark;
    }

    Step first() {
        return first;
    }
}
