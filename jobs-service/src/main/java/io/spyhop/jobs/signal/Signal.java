package io.spyhop.jobs.signal;

/** That there is something to do. The names but the last stand in the database's triggers too. */
public enum Signal {
    /** A run was asked for, or is to be cancelled. */
    RUN,
    /** A run has changed, and others are to be told. */
    CHANGE,
    /** A container's output is stored whole. */
    CAPTURED,
    /** A job was made, or changed. */
    JOB,
    /** This replica owns other workloads than before. */
    SHARE
}
