package io.spyhop.contracts.host;

import java.util.List;

/** All hosts, ordered by name. They are few, so there are no pages. Immutable. */
public record HostList(List<Host> items) {
    /** Copies the items. */
    public HostList {
        items = List.copyOf(items);
    }
}
