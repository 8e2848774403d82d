package io.spyhop.lifecycle.catalogue;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;

/** Hosts by name. */
@ApplicationScoped
class HostRepository implements PanacheRepositoryBase<HostEntity, String> {
    List<HostEntity> named(Collection<String> names) {
        return list("name in ?1", names);
    }
}
