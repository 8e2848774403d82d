package io.spyhop.lifecycle.watch;

import io.spyhop.engine.ContainerEvent;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells events that a new subscription repeats. Confined to the host's thread. */
final class SeenEvents {
    /** More than an engine keeps to repeat (Docker: 256). */
    private static final int KEPT_MAX = 1024;

    private final Map<Key, Boolean> seen = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Boolean> eldest) {
            return size() > KEPT_MAX;
        }
    };

    /** Whether the event is new. */
    boolean add(ContainerEvent event) {
        return seen.put(new Key(event.at(), event.containerId(), event.action()), true) == null;
    }

    private record Key(Instant at, String containerId, String action) {}
}
