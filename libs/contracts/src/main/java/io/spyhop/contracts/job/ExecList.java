package io.spyhop.contracts.job;

import java.util.List;

/** Runs inside running instances. Immutable. */
public record ExecList(List<RunId> items) {
    /** Copies the list. */
    public ExecList {
        items = List.copyOf(items);
    }
}
