package io.spyhop.jobs.schedule;

/** What should say when a job is due says nothing. The message tells a person what is wrong. */
public final class ScheduleException extends Exception {
    private static final long serialVersionUID = 1L;

    ScheduleException(String message) {
        super(message);
    }

    ScheduleException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What is wrong. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
