package io.spyhop.contracts.problem;

import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A request failed in a way that its sender may be told. The message is public: no secrets, no log content. */
public final class SpyhopException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is away is asked again soon: it mostly restarts. */
    private static final Duration AWAY = Duration.ofSeconds(2);

    private final ErrorCode code;
    private final @Nullable Duration retryAfter;

    /** An error with a public message. */
    public SpyhopException(ErrorCode code, String publicMessage) {
        this(code, publicMessage, null);
    }

    /** An error with a public message and a cause that only Spyhop's own log sees. */
    public SpyhopException(ErrorCode code, String publicMessage, @Nullable Throwable cause) {
        this(code, publicMessage, cause, code == ErrorCode.DEPENDENCY_AWAY ? AWAY : null);
    }

    private SpyhopException(
            ErrorCode code, String publicMessage, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        super(publicMessage, cause);
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** Too much was asked; after that time it may be tried again. */
    public static SpyhopException tooMany(String publicMessage, Duration retryAfter) {
        return new SpyhopException(ErrorCode.TOO_MANY, publicMessage, null, retryAfter);
    }

    /** A parameter is wrong: names it and says what is wanted. */
    public static SpyhopException parameter(String name, String wanted) {
        return new SpyhopException(ErrorCode.PARAMETER_INVALID, name + ": " + wanted);
    }

    /** There is no such workload, or the caller may not see it. */
    public static SpyhopException workloadUnknown() {
        return new SpyhopException(ErrorCode.WORKLOAD_UNKNOWN, "no workload by that address is known here");
    }

    /** The stable code. */
    public ErrorCode code() {
        return code;
    }

    /** After how many seconds, at least one, it is worth to try again; empty where nobody can tell. */
    public OptionalLong retryAfterSeconds() {
        return retryAfter == null
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(1, retryAfter.plusMillis(999).toSeconds()));
    }

    /** The public message. */
    public String publicMessage() {
        String message = getMessage();
        return message == null ? code.title() : message;
    }
}
