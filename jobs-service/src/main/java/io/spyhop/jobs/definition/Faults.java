package io.spyhop.jobs.definition;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import java.util.LinkedHashSet;
import java.util.Set;

/** All that is wrong with a request, told at once. Never holds a value: it may be a secret. Not thread-safe. */
final class Faults {
    /** Whoever has made more mistakes mends these first. */
    private static final int TOLD_MAX = 20;

    private final Set<String> found = new LinkedHashSet<>();

    void add(String field, String why) {
        if (found.size() < TOLD_MAX) {
            found.add(field + ": " + why);
        }
    }

    void addUnless(boolean right, String field, String why) {
        if (!right) {
            add(field, why);
        }
    }

    boolean none() {
        return found.isEmpty();
    }

    /** The fields and what is wrong with them, for people. */
    String text() {
        return String.join("; ", found);
    }

    /**
     * Does nothing where nothing is wrong.
     *
     * @throws SpyhopException {@code BODY_INVALID}
     */
    void check() {
        if (!none()) {
            throw new SpyhopException(ErrorCode.BODY_INVALID, text());
        }
    }
}
