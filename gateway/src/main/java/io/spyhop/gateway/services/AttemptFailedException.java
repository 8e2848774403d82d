package io.spyhop.gateway.services;

import io.spyhop.contracts.problem.SpyhopException;
import org.jspecify.annotations.Nullable;

/** A replica gave no answer, and another might. */
final class AttemptFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    enum Kind {
        /** Nobody accepted: nothing was asked, so anybody may be asked. */
        UNREACHABLE,
        /** No whole answer came in time. */
        SILENT,
        /** The connection broke. */
        BROKEN,
        /** The replica answered that it cannot answer: 502, 503, 504. */
        BUSY
    }

    private final Kind kind;
    private final transient @Nullable SpyhopException said;

    AttemptFailedException(Kind kind, Throwable cause) {
        super(kind + ": " + cause, cause);
        this.kind = kind;
        this.said = null;
    }

    /** A replica said why it cannot answer. */
    AttemptFailedException(SpyhopException said) {
        super(Kind.BUSY + ": " + said.publicMessage(), said);
        this.kind = Kind.BUSY;
        this.said = said;
    }

    Kind kind() {
        return kind;
    }

    /** The replica's own words. */
    @Nullable
    SpyhopException said() {
        return said;
    }
}
