package io.spyhop.messaging;

/** One record of a batch can never be handled. */
public final class PoisonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient TopicRecord record;

    /** Names the record and says why. */
    public PoisonException(TopicRecord record, String reason, Throwable cause) {
        super(reason, cause);
        this.record = record;
    }

    /** The record at fault. */
    public TopicRecord record() {
        return record;
    }
}
