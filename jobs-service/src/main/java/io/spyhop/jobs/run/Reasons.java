package io.spyhop.jobs.run;

/** What people are told of what failed. */
final class Reasons {
    private Reasons() {}

    /** The failure's own words, not too many of them. */
    static String of(Exception failure) {
        String text = String.valueOf(failure.getMessage());
        return text.length() > RunLimits.REASON_LENGTH_MAX
                ? text.substring(0, RunLimits.REASON_LENGTH_MAX) + "…"
                : text;
    }
}
