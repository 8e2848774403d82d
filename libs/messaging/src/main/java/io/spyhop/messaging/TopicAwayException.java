package io.spyhop.messaging;

/** No broker answered in time. It may be tried again. */
public final class TopicAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TopicAwayException(String message, Throwable cause) {
        super(message, cause);
    }
}
