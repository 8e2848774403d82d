package io.spyhop.lifecycle.signal;

/** That there is something to do. The names but the last stand in the database's triggers too. */
public enum Signal {
    /** Something was asked for. */
    ERRAND,
    /** A note waits to be published. */
    NOTE,
    /** It was set by API how a workload is asked for its health. */
    SETTING,
    /** A container with the label of managed ones has died. */
    DEATH,
    /** All that is to be known of a crash is stored. */
    FORENSICS,
    /** This replica watches other hosts than before. */
    HOSTS
}
