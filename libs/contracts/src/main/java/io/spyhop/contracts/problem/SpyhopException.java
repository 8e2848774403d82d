package io.spyhop.contracts.problem;

import org.jspecify.annotations.Nullable;

/** A request failed in a way that its sender may be told. The message is public: no secrets, no log content. */
public final class SpyhopException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    /** An error with a public message. */
    public SpyhopException(ErrorCode code, String publicMessage) {
        this(code, publicMessage, null);
    }

    /** An error with a public message and a cause that only Spyhop's own log sees. */
    public SpyhopException(ErrorCode code, String publicMessage, @Nullable Throwable cause) {
        super(publicMessage, cause);
        this.code = code;
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

    /** The public message. */
    public String publicMessage() {
        String message = getMessage();
        return message == null ? code.title() : message;
    }
}
