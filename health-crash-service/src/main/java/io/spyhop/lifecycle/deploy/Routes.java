package io.spyhop.lifecycle.deploy;

import io.spyhop.contracts.WorkloadId;

/** Host names that lead to deployments. Thread-safe. Every method blocks and may be repeated. */
interface Routes {
    /** Whether there is anything that could lead to a deployment. */
    boolean configured();

    /** The host name of a deployment. */
    String hostName(String slug);

    /** The URL that is shown for a host name. */
    String url(String hostName);

    /**
     * Makes a host name lead to a port; changes nothing where it does.
     *
     * @throws RouteException where it is not known to lead there
     */
    void put(WorkloadId workload, String hostName, String address, int port) throws InterruptedException;

    /**
     * Lets no host name lead to the workload.
     *
     * @return whether one did
     * @throws RouteException where one may still do
     */
    boolean remove(WorkloadId workload) throws InterruptedException;

    /** A route could not be made or removed; says why. */
    final class RouteException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RouteException(String message, Throwable cause) {
            super(message, cause);
        }

        RouteException(String message) {
            super(message);
        }
    }
}
