package io.spyhop.lifecycle.catalogue;

import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Key of {@link InstanceEntity}: an engine's ids are unique on its host. A class, because JPA wants to fill it. */
final class InstanceKey implements Serializable {
    private static final long serialVersionUID = 1L;

    private String host = "";
    private String containerId = "";

    InstanceKey() {}

    InstanceKey(String host, String containerId) {
        this.host = host;
        this.containerId = containerId;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof InstanceKey key && key.host.equals(host) && key.containerId.equals(containerId);
    }

    @Override
    public int hashCode() {
        return Objects.hash(host, containerId);
    }
}
