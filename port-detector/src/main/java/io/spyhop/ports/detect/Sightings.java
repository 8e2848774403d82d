package io.spyhop.ports.detect;

import io.spyhop.contracts.port.GonePort;
import io.spyhop.contracts.port.ListeningPort;
import io.spyhop.engine.ListenSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which ports of one container count as listening: who was seen twice in a row, until it was missed twice in a row; at the start
 * of a life who was seen once, at its end nobody. Hot path: a look that found the very same list as the one before is over
 * at once, when nothing is in doubt. Not thread-safe.
 */
final class Sightings {
    private static final int TWICE = 2;

    private final TreeMap<Integer, Sight> sights = new TreeMap<>();
    private final TreeMap<Integer, Instant> gone = new TreeMap<>();
    private List<ListenSocket> former = List.of();
    private Instant formerAt = Instant.EPOCH;

    /** Whether the next look may change something though it finds the same. */
    private boolean doubtful;

    private static final class Sight {
        FoundPort found;
        Instant since;
        Instant seenAt;
        int seen = 1;
        int missed;
        boolean announced;

        Sight(FoundPort found, Instant at) {
            this.found = found;
            this.since = at;
            this.seenAt = at;
        }

        /** Another program has taken it, or it is told now who did. */
        boolean update(FoundPort now, Instant at) {
            if (now.equals(found)) {
                return false;
            }
            if (found.pid() != null && now.pid() != null && !Objects.equals(found.pid(), now.pid())) {
                since = at;
            }
            found = now;
            return announced;
        }
    }

    /** What was announced of this life before: goes on. */
    void goOn(List<ListeningPort> announced, List<GonePort> before, Instant at) {
        for (ListeningPort port : announced) {
            Sight sight = new Sight(FoundPort.of(port), at);
            sight.since = port.since();
            sight.seen = TWICE;
            sight.announced = true;
            sights.put(port.port(), sight);
        }
        before.forEach(each -> gone.put(each.port(), each.seenAt()));
        formerAt = at;
        doubtful = true;
    }

    /**
     * A look found these sockets.
     *
     * @param start whether the life is beginning
     * @return whether what is announced has changed
     */
    @SuppressWarnings("ReferenceEquality") // Who reads gives the very same list while nothing changes.
    boolean look(List<ListenSocket> sockets, Instant at, boolean start) {
        if (sockets == former && !doubtful) {
            formerAt = at;
            return false;
        }
        SortedMap<Integer, FoundPort> found = FoundPort.of(sockets);
        boolean changed = false;
        doubtful = false;
        for (Iterator<Map.Entry<Integer, Sight>> each = sights.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Integer, Sight> entry = each.next();
            Sight sight = entry.getValue();
            FoundPort now = found.remove(entry.getKey());
            if (now != null) {
                changed |= seen(sight, now, at);
            } else if (missed(sight)) {
                each.remove();
                changed |= lost(entry.getKey(), sight);
            }
        }
        for (FoundPort each : found.values()) {
            Sight sight = new Sight(each, at);
            sights.put(each.port(), sight);
            if (start && each.port() < DetectLimits.EPHEMERAL_MIN) {
                announce(sight);
                changed = true;
            } else {
                doubtful = true;
            }
        }
        former = sockets;
        formerAt = at;
        return changed;
    }

    /** The life has ended: nobody listens. Gives whether that changes what is announced. */
    boolean end() {
        boolean changed = false;
        for (Map.Entry<Integer, Sight> entry : sights.entrySet()) {
            Sight sight = entry.getValue();
            sight.seenAt = sight.missed == 0 ? formerAt : sight.seenAt;
            changed |= lost(entry.getKey(), sight);
        }
        sights.clear();
        former = List.of();
        doubtful = false;
        return changed;
    }

    /** Whether a port was seen once, and counts if it is seen again. */
    boolean isExpecting() {
        return doubtful && sights.values().stream().anyMatch(sight -> !sight.announced);
    }

    /** Those that are announced, ascending. */
    List<ListeningPort> announced() {
        return sights.values().stream()
                .filter(sight -> sight.announced)
                .map(sight -> sight.found.since(sight.since))
                .toList();
    }

    /** Those that were, newest first. */
    List<GonePort> gone() {
        return gone.entrySet().stream()
                .map(entry -> new GonePort(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(GonePort::seenAt).reversed())
                .limit(DetectLimits.GONE_MAX)
                .toList();
    }

    private boolean seen(Sight sight, FoundPort now, Instant at) {
        boolean changed = sight.update(now, at);
        sight.missed = 0;
        sight.seen++;
        if (!sight.announced && sight.seen >= TWICE) {
            announce(sight);
            return true;
        }
        return changed;
    }

    /** Whether that is the end of it. */
    private boolean missed(Sight sight) {
        if (sight.missed == 0) {
            sight.seenAt = formerAt;
        }
        sight.missed++;
        boolean over = !sight.announced || sight.missed >= TWICE;
        doubtful |= !over;
        return over;
    }

    private void announce(Sight sight) {
        sight.announced = true;
        gone.remove(sight.found.port());
    }

    private boolean lost(int port, Sight sight) {
        if (!sight.announced) {
            return false;
        }
        gone.put(port, sight.seenAt);
        if (gone.size() > 2 * DetectLimits.GONE_MAX) {
            List<GonePort> kept = new ArrayList<>(gone());
            gone.clear();
            kept.forEach(each -> gone.put(each.port(), each.seenAt()));
        }
        return true;
    }
}
