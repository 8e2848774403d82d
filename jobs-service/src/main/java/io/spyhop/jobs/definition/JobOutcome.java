package io.spyhop.jobs.definition;

/** What became of a change of a job. */
enum JobOutcome {
    DONE,
    /** There is none of that id. */
    UNKNOWN,
    /** There is one of that id. */
    EXISTS,
    /** The one that is there comes from elsewhere: labels define it, or a request where labels would. */
    FOREIGN,
    /** It was changed meanwhile. */
    OTHER_REVISION,
    TOO_MANY
}
