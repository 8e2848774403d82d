package io.spyhop.lifecycle.watch;

import org.jspecify.annotations.Nullable;

/** Which containers a comparison asks the engine about, besides those that a list contradicts. */
enum Comparison {
    /** None. */
    LISTED,

    /** Those in which a process lives: what one of them did may have gone untold. */
    ALIVE,

    /** All, for what neither a list nor an event told. */
    ALL;

    /**
     * Whether to ask about a container.
     *
     * @param known null where it is not watched yet
     * @param listed its state; null where the engine has it no more
     */
    boolean asks(@Nullable WatchedContainer known, @Nullable String listed) {
        if (known == null || listed == null || !known.isAsListed(listed)) {
            return true;
        }
        return this == ALL || (this == ALIVE && known.state().status().alive());
    }
}
