package io.spyhop.lifecycle.watch;

import java.util.Locale;

/** How the watch of a host is. */
enum HostState {
    /** No answer yet since the watch began. */
    CONNECTING,
    /** Events are followed. */
    WATCHING,
    /** The engine answered once and does not now; its containers are as they were last seen. */
    AWAY;

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
