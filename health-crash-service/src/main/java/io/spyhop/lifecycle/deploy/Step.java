package io.spyhop.lifecycle.deploy;

import java.util.Locale;

/** What is done next. Each may be done again. */
enum Step {
    /** The engine has the image. */
    IMAGE,
    /** A port of the host is taken. */
    PORT,
    /** The container is there. */
    CONTAINER,
    /** It runs. */
    START,
    /** A host name leads to it. */
    ROUTE,
    /** The programs were asked to end. */
    SIGNAL,
    /** They had the time for it. */
    WAIT,
    /** They were ended. */
    KILL,
    /** What is known of their end is stored. */
    EVIDENCE,
    /** The container is gone. */
    REMOVE,
    /** No host name leads to it. */
    UNROUTE,
    /** The port is free. */
    RELEASE,
    /** The programs run again. */
    AGAIN;

    /** The word in notes. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
