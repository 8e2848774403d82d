package io.spyhop.lifecycle.catalogue;

import io.spyhop.contracts.workload.InstanceState;
import io.spyhop.engine.ContainerDetails;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a host's watcher asks the catalogue. Thread-safe. Every method blocks, takes effect wholly or not at all, may be
 * repeated, and throws an unchecked exception when the database does not answer.
 */
public interface Catalogue {
    /**
     * The place of a container: its workload, index and generation, assigned at first sight and the same ever after. A
     * container seen for the first time is {@code CREATING} and has no life yet: nothing was published of it.
     */
    InstanceState seat(String host, ContainerDetails container);

    /** Keeps the newest state of a container that has a seat. */
    void keep(InstanceState state);

    /** The container is gone; its workload and its last state stay. */
    void remove(InstanceState last, Instant at);

    /** The last states of all containers of a host that are not removed. */
    List<InstanceState> present(String host);

    /** Up to which event a host was watched; empty when it never was. */
    Optional<Instant> lastEventAt(String host);

    /** Keeps how the watch of a host is. */
    void keepHost(String host, HostReport report);
}
