package io.spyhop.lifecycle.deploy;

import io.spyhop.contracts.WorkloadId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Routes in memory, which can be away. Thread-safe. */
final class FakeRoutes implements Routes {
    private final Map<WorkloadId, String> routes = new ConcurrentHashMap<>();
    private volatile boolean away;

    void setAway(boolean is) {
        away = is;
    }

    /** {@code <host name> <address>:<port>} by workload. */
    Map<WorkloadId, String> routes() {
        return Map.copyOf(routes);
    }

    @Override
    public boolean configured() {
        return true;
    }

    @Override
    public String hostName(String slug) {
        return slug + ".test";
    }

    @Override
    public String url(String hostName) {
        return "http://" + hostName;
    }

    @Override
    public void put(WorkloadId workload, String hostName, String address, int port) {
        answer();
        routes.put(workload, hostName + " " + address + ":" + port);
    }

    @Override
    public boolean remove(WorkloadId workload) {
        answer();
        return routes.remove(workload) != null;
    }

    private void answer() {
        if (away) {
            throw new RouteException("Caddy does not answer");
        }
    }
}
