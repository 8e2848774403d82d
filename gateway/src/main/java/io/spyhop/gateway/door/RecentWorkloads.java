package io.spyhop.gateway.door;

import io.spyhop.contracts.problem.ErrorCode;
import io.spyhop.contracts.problem.SpyhopException;
import io.spyhop.contracts.workload.Workload;
import io.spyhop.contracts.workload.WorkloadsApi;
import io.spyhop.gateway.request.Together;
import io.spyhop.gateway.scope.Caller;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Looks workloads up, once for all who ask at the same time, and remembers them for a minute, so that the logs of a workload
 * that somebody reads can be read on while the catalogue is away. What is remembered counts only for logs: what else is asked
 * of a workload is about how it is now. Logs need to know no more than that there is a workload of this id, and its org, which
 * an id keeps; so whoever pages through them does not ask the catalogue for each page. Who may see a workload is not
 * remembered: the door compares the caller, as the token says now, with the org each time. Thread-safe.
 */
final class RecentWorkloads {
    /** Longer than a service takes to start anew; what changes of a name meanwhile is seen that late. */
    static final Duration AGE_MAX = Duration.ofMinutes(1);

    /** For so long the catalogue is not asked again for logs: a workload that is no more is seen that late. */
    static final Duration FRESH = Duration.ofSeconds(2);

    /** A workload takes about a kilobyte. */
    static final int COUNT_MAX = 4096;

    private static final String LOGS = "/logs";

    private record Key(Address address, List<String> orgs) {
        /** What an alias finds depends on the caller's orgs. */
        static Key of(Address address, Caller caller) {
            return new Key(address.withoutRest(), address instanceof Address.Canonical ? List.of() : caller.orgList());
        }
    }

    private record Found(Workload workload, long at) {}

    private final LongSupplier nanos;
    private final Together<Key, Workload> together = new Together<>();

    // Under its monitor.
    private final Map<Key, Found> found = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Found> eldest) {
            return size() > COUNT_MAX;
        }
    };

    RecentWorkloads(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * The workload of an address.
     *
     * @throws SpyhopException {@code WORKLOAD_UNKNOWN}; {@code DEPENDENCY_AWAY} when the catalogue is and nothing is
     *     remembered
     */
    Workload find(Address address, Caller caller, WorkloadsApi catalogue) {
        Key key = Key.of(address, caller);
        // Names find the newest workload, which another may be at any time.
        Optional<Workload> fresh =
                address instanceof Address.Canonical ? remembered(key, address, FRESH) : Optional.empty();
        return fresh.orElseGet(() -> ask(key, address, caller, catalogue));
    }

    private Workload ask(Key key, Address address, Caller caller, WorkloadsApi catalogue) {
        try {
            Workload workload = together.ask(key, () -> address.find(catalogue, caller));
            synchronized (found) {
                found.put(key, new Found(workload, nanos.getAsLong()));
            }
            return workload;
        } catch (SpyhopException e) {
            if (e.code() != ErrorCode.DEPENDENCY_AWAY) {
                synchronized (found) {
                    found.remove(key);
                }
                throw e;
            }
            return remembered(key, address, AGE_MAX).orElseThrow(() -> e);
        }
    }

    private Optional<Workload> remembered(Key key, Address address, Duration age) {
        if (!isAboutLogs(address)) {
            return Optional.empty();
        }
        synchronized (found) {
            Found last = found.get(key);
            return last != null && nanos.getAsLong() - last.at() < age.toNanos()
                    ? Optional.of(last.workload())
                    : Optional.empty();
        }
    }

    private static boolean isAboutLogs(Address address) {
        return address.rest().equals(LOGS) || address.rest().startsWith(LOGS + "/") || RunLogs.isAbout(address.rest());
    }
}
