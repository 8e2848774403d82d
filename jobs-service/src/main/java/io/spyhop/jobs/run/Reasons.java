package io.spyhop.jobs.run;

import org.jspecify.annotations.Nullable;

/** What people are told of what failed. */
final class Reasons {
    /** By convention of engines and shells. */
    private static final int NOT_RUNNABLE = 126;

    private static final int NOT_FOUND = 127;

    private Reasons() {}

    /** The failure's own words, not too many of them. */
    static String of(Exception failure) {
        String text = String.valueOf(failure.getMessage());
        return text.length() > RunLimits.REASON_LENGTH_MAX
                ? text.substring(0, RunLimits.REASON_LENGTH_MAX) + "…"
                : text;
    }

    /** Why a container did not start: its code may tell, and its engine tells more. */
    static String notStarted(@Nullable Integer code, Exception failure) {
        String what = code == null
                ? "the engine could not start it"
                : switch (code) {
                    case NOT_FOUND -> "the command was not found in the image";
                    case NOT_RUNNABLE -> "the image has the command, but it may not be run";
                    default -> "the engine could not start it";
                };
        return what + ": " + of(failure);
    }

    /** What a code says; null where it says nothing. */
    static @Nullable String ofCode(int code) {
        return switch (code) {
            case NOT_FOUND -> "code 127 says by convention that a program was not found; the output may tell which";
            case NOT_RUNNABLE -> "code 126 says by convention that a program may not be run; the output may tell which";
            default -> null;
        };
    }
}
